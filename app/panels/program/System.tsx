/** A system guest in place of the editor: what it is, the files it boots from, and how to get them when they are absent. */
import type { ManifestFile } from '../../../core/guests/manifest.ts';
import type { SystemGuest } from '../../../core/guests/systems.ts';
import { usePageState } from '../../shell/context.tsx';
import { grouped } from '../../ui/format.ts';
import './system.css';

export function System({ system }: { readonly system: SystemGuest }) {
  const manifest = usePageState((state) => state.systems.manifests[system.id]);
  return (
    <div className="system" data-testid="system">
      <h2>{system.title}</h2>
      <p>{system.says}</p>
      {manifest === undefined ? <p className="dim">Looking for its images…</p> : null}
      {manifest === null ? <Absent system={system} /> : null}
      {manifest?.files.map((file) => (
        <File key={file.name} file={file} />
      ))}
      <p className="dim">
        It has no source here. Boot arguments are under Start on the machine's panel; an example of the list at the top
        leads back to the editor.
      </p>
    </div>
  );
}

function Absent({ system }: { readonly system: SystemGuest }) {
  return (
    <div className="system-absent" data-testid="system-absent">
      <p>Its images are not beside this page: they are built from packages of Debian, not kept with Ecall.</p>
      <p>
        Where the page comes from, run <code>{system.command}</code>, then press Run here. On the command line the same
        guest is <code>npm run ecall -- run --guest {system.id}</code>.
      </p>
    </div>
  );
}

const ROLES: Readonly<Record<ManifestFile['role'], string>> = { kernel: 'Kernel', initrd: 'Root file system' };

function File({ file }: { readonly file: ManifestFile }) {
  return (
    <section className="system-file" aria-label={ROLES[file.role]}>
      <h3 className="heading">
        {ROLES[file.role]}: {file.name}, {grouped(file.size)} bytes
      </h3>
      <ul>
        {file.origins.map(({ from, version, licence }) => (
          <li key={from}>
            {from}, {version} <span className="dim">({licence})</span>
          </li>
        ))}
        {file.builtWith === undefined ? null : <li>compiled by {file.builtWith}</li>}
        <li className="mono dim system-sum">sha256 {file.sha256}</li>
      </ul>
    </section>
  );
}
