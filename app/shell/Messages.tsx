/** What the user has to know now, over the page until it is dismissed. */

import { ActionButton } from '../actions/action-button.tsx';
import { actionById } from '../actions/index.ts';
import { type Message, withoutMessage } from '../state/ui.ts';
import { Button } from '../ui/button.tsx';
import { usePage, usePageState } from './context.tsx';

export function Messages() {
  const messages = usePageState((state) => state.ui.messages);
  return (
    <div className="messages" role="status" aria-label="Messages">
      {messages.map((message) => (
        <MessageCard key={message.id} message={message} />
      ))}
    </div>
  );
}

function MessageCard({ message }: { readonly message: Message }) {
  const { store } = usePage();
  const action = message.action === undefined ? undefined : actionById(message.action);
  const dismiss = (): void =>
    store.setState((state) => ({ ui: { ...state.ui, messages: withoutMessage(state.ui.messages, message.id) } }));
  return (
    <div
      className={`message is-${message.tone}`}
      data-testid="message"
      role={message.tone === 'error' ? 'alert' : undefined}
    >
      <p>
        {message.text}
        {message.hint === undefined ? null : <span className="dim"> {message.hint}</span>}
      </p>
      {message.copy === undefined ? null : (
        <input
          className="input mono message-copy"
          readOnly
          value={message.copy}
          aria-label="To be copied"
          onFocus={(event) => event.target.select()}
          data-testid="message-copy"
        />
      )}
      {action === undefined ? null : <ActionButton action={action} kind="primary" small />}
      <Button kind="quiet" small onClick={dismiss} aria-label="Dismiss the message">
        ✕
      </Button>
    </div>
  );
}
