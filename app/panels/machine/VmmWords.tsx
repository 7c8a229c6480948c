/** What is known of a VMM, and from where. Loaded apart: it is read by few. */
import { type VmmName, vmmProfile } from '../../../core/vmm/profiles/index.ts';
import { vmmWords } from '../../../core/vmm/profiles/words.ts';

export function VmmWords({ name }: { readonly name: VmmName }) {
  return <>{vmmWords(vmmProfile(name))}</>;
}
