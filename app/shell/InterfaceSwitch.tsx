/** The choice between the three KVM interfaces, always visible. */
import { FIELDS, INTERFACES, type KvmInterface } from '../../core/config/index.ts';
import { withPlatform } from '../state/draft.ts';
import { Segmented } from '../ui/segmented.tsx';
import { usePage, usePageState } from './context.tsx';

/** Where the page is narrower, the switch stands above the form of the machine. */
export const SWITCH_FITS_HEADER = '(min-width: 1181px)';

export function InterfaceSwitch() {
  const { store } = usePage();
  const value = usePageState((state) => state.draft.config.interface);
  const choose = (kvm: KvmInterface): void =>
    store.setState(({ draft }) => ({ draft: withPlatform(draft, { interface: kvm }) }));
  const { control, label } = FIELDS.interface;
  const options = control.kind === 'choice' ? control.options : [];
  return (
    <Segmented
      label={label}
      value={value}
      onChange={choose}
      segments={INTERFACES.map((kvm) => {
        const option = options.find((candidate) => candidate.value === kvm);
        return { value: kvm, label: option?.label ?? kvm, title: option?.help, testId: `interface-${kvm}` };
      })}
    />
  );
}
