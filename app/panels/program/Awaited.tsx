/** In place of the editor while the program of the example is not here: it comes, or it could not be loaded. */
import { ActionButton } from '../../actions/action-button.tsx';
import { loadProgram } from '../../actions/program.ts';
import { usePageState } from '../../shell/context.tsx';

export function Awaited() {
  const failed = usePageState((state) => state.ui.programsFailed);
  return (
    <div className="empty" role="status" data-testid="program-awaited">
      {failed ? (
        <>
          <p>The program of this example could not be loaded. Is there a connection?</p>
          <p className="dim">Your machine is kept. If it still does not come, load the whole page again.</p>
          <ActionButton action={loadProgram} />
        </>
      ) : (
        'Loading the program…'
      )}
    </div>
  );
}
