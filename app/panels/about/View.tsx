/** What the example shows and what to try on it. */
import { type Example, exampleById, type TryThis } from '../../../core/guests/catalogue.ts';
import { tryThisOf } from '../../../core/guests/lessons.ts';
import { run } from '../../actions/run.ts';
import { usePage, usePageState } from '../../shell/context.tsx';
import { type Draft, systemOf, withPatch, withTry } from '../../state/draft.ts';
import { Button } from '../../ui/button.tsx';
import './about.css';

export function View() {
  const guest = usePageState((state) => state.draft.config.guest);
  const system = usePageState((state) => systemOf(state.draft));
  const example = guest.kind === 'example' ? exampleById(guest.id) : undefined;
  const shown = example ?? system;
  if (shown === null) {
    return <p className="empty">This is a program of your own. Choose an example at the top to read about it here.</p>;
  }
  const tryThis = 'tryThis' in shown ? shown.tryThis : tryThisOf(shown.id);
  return (
    <div className="about" data-testid="about">
      <h2>{shown.title}</h2>
      <p>{shown.says}</p>
      {tryThis.length === 0 ? null : (
        <>
          <h3 className="heading">Try this</h3>
          <ul>
            {tryThis.map((item) => (
              <Try key={item.text} item={item} example={example} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Try({ item, example }: { readonly item: TryThis; readonly example: Example | undefined }) {
  const page = usePage();
  const { patch } = item;
  const apply = (): void => {
    if (patch === undefined) return;
    const tried = (draft: Draft) => (example === undefined ? withPatch(draft, patch) : withTry(draft, example, patch));
    page.store.setState(({ draft }) => ({ draft: tried(draft) }));
    void run.run(page);
  };
  return (
    <li className="about-try">
      <span>{item.text}</span>
      {patch === undefined ? null : (
        <Button small onClick={apply} aria-label={`Apply and run: ${item.text}`} data-testid="try">
          Apply and run
        </Button>
      )}
    </li>
  );
}
