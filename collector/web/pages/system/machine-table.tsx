import type { VNode } from 'preact';
import { ShareCell } from '../../charts/share-cell.js';
import { useLanguage } from '../../language/language.js';
import type { DatabaseFile, Machine } from '../../page/system-content.js';

interface MachineTableProps {
  readonly machine: Machine;
  readonly files: readonly DatabaseFile[];
}

/** What is used now, and what lies on the disk. */
export function MachineTable({ machine, files }: MachineTableProps): VNode {
  const { texts, formats } = useLanguage();
  const { system } = texts;
  const { diskPercent, diskAvailableBytes, loopDelayMs, processBytes } = machine;
  const used = [
    { name: system.cpu, share: machine.cpuPercent / 100, free: null },
    {
      name: system.memory,
      share: machine.memoryPercent / 100,
      free: machine.memoryAvailableBytes,
    },
    ...(diskPercent === null
      ? []
      : [{ name: system.disk, share: diskPercent / 100, free: diskAvailableBytes }]),
  ];
  return (
    <div class="cols">
      <table>
        <tbody>
          {used.map(({ name, share, free }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="r">{formats.share(share)}</td>
              <td class="w">
                <ShareCell share={share} />
              </td>
              <td class="r quiet small wide">
                {free !== null && system.memoryFree(formats.bytes(free))}
              </td>
            </tr>
          ))}
          {loopDelayMs !== null && (
            <tr>
              <th scope="row">{system.loop}</th>
              <td class="r" colSpan={3}>
                {system.loopLate(formats.milliseconds(loopDelayMs))}
              </td>
            </tr>
          )}
        </tbody>
      </table>
      <table>
        <tbody>
          {processBytes !== null && (
            <tr>
              <th scope="row">{system.process}</th>
              <td class="r">{formats.bytes(processBytes)}</td>
            </tr>
          )}
          <tr>
            <th scope="row">{system.connections}</th>
            <td class="r">{formats.number(machine.openConnections)}</td>
          </tr>
          {files.map(({ name, bytes }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td class="r">{formats.bytes(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
