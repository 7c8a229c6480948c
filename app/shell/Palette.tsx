/** The command palette: everything that can be done, and everything that can be looked up, by name. */
import { Command } from 'cmdk';
import { useMemo, useState } from 'react';
import { type Card, KIND_TITLES } from '../../core/reference/index.ts';
import { keyWords } from '../actions/action.ts';
import { ACTIONS, type Action } from '../actions/index.ts';
import { openCard } from '../actions/reference.ts';
import { patch } from '../state/store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { usePage } from './context.tsx';
import { offers } from './offers.ts';
import './palette.css';

export function Palette() {
  const page = usePage();
  const [typed, setTyped] = useState('');
  const offered = useMemo(() => {
    const state = page.store.getState();
    return ACTIONS.filter((action) => action.id !== 'palette' && action.unavailable?.(state) === undefined);
  }, [page]);
  const { named, groups, found } = offers(offered, typed);
  const close = (): void => patch(page.store, 'ui', { dialog: null });
  const choose = (act: () => void | Promise<void>): void => {
    close();
    // After the dialog gave the focus back, so that an action can move it.
    requestAnimationFrame(() => void act());
  };
  const look = (card: Card): void => choose(() => openCard(page.store, card.id));
  return (
    <Dialog label="Command palette" className="palette" onClose={close} testId="palette-dialog">
      <Command label="Commands" loop shouldFilter={false}>
        <Command.Input
          placeholder="What do you want to do, or to look up?"
          value={typed}
          onValueChange={setTyped}
          data-testid="palette-input"
        />
        <Command.List>
          <Command.Empty>Nothing of that name.</Command.Empty>
          <Cards heading="Look up" cards={named} onLook={look} />
          {groups.map(([group, actions]) => (
            <Command.Group key={group} heading={group}>
              {actions.map((action) => (
                <ActionItem key={action.id} action={action} onRun={() => choose(() => action.run(page))} />
              ))}
            </Command.Group>
          ))}
          <Cards heading={named.length > 0 ? 'Look up also' : 'Look up'} cards={found} onLook={look} />
        </Command.List>
      </Command>
    </Dialog>
  );
}

function ActionItem({ action, onRun }: { readonly action: Action; readonly onRun: () => void }) {
  return (
    <Command.Item value={action.id} onSelect={onRun}>
      <span>{action.title}</span>
      <span className="dim palette-says">{action.says}</span>
      {action.shortcut === undefined ? null : <kbd>{keyWords(action.shortcut)}</kbd>}
    </Command.Item>
  );
}

interface CardsProps {
  readonly heading: string;
  readonly cards: readonly Card[];
  readonly onLook: (card: Card) => void;
}

function Cards({ heading, cards, onLook }: CardsProps) {
  if (cards.length === 0) return null;
  return (
    <Command.Group heading={heading}>
      {cards.map((card) => (
        <Command.Item key={card.id} value={card.id} onSelect={() => onLook(card)}>
          <span className="mono">{card.name}</span>
          <span className="dim palette-says">{card.says}</span>
          <span className="dim palette-kind">{KIND_TITLES[card.kind]}</span>
        </Command.Item>
      ))}
    </Command.Group>
  );
}
