/** The button of an action, with its reason when it cannot be done. */
import { usePage, usePageState } from '../shell/context.tsx';
import { Button, type ButtonProps } from '../ui/button.tsx';
import { type Action, keyWords } from './action.ts';

export interface ActionButtonProps extends Pick<ButtonProps, 'kind' | 'small' | 'className'> {
  readonly action: Action;
  /** In place of the title. */
  readonly label?: string;
  readonly testId?: string;
}

export function ActionButton({ action, label, testId, ...look }: ActionButtonProps) {
  const page = usePage();
  const unavailable = usePageState((state) => action.unavailable?.(state));
  const title = action.shortcut === undefined ? action.says : `${action.says} (${keyWords(action.shortcut)})`;
  return (
    <Button
      {...look}
      unavailable={unavailable}
      title={title}
      aria-keyshortcuts={action.shortcut?.replace('Ctrl', 'Control')}
      onClick={() => void action.run(page)}
      data-testid={testId ?? action.id}
    >
      {label ?? action.title}
    </Button>
  );
}
