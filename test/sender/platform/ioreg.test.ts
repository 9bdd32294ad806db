import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';
import { boundedMachineId } from '../../../build/bounded-machine-id.js';

const UUID = '8A1F5C3E-5B1D-5E0F-9C7A-2D3B4A5C6D7E';

/** What `ioreg -rd1 -c IOPlatformExpertDevice` prints on a Mac, shortened. No test here has a Mac. */
const IOREG = `+-o J314sAP  <class IOPlatformExpertDevice, id 0x100000224, registered, matched, active, busy 0 (17 ms), retain 42>
    {
      "manufacturer" = <"Apple Inc.">
      "compatible" = <"J314sAP","MacBookPro18,3","AppleARM">
      "IOPlatformSerialNumber" = "C02XXXXXXXXX"
      "IOPlatformUUID" = "${UUID}"
      "IOPolledInterface" = "AppleARMWatchdogTimerHibernateHandler is not serializable"
      "target-type" = <"J314s">
    }
`;

/** Makes a process of this machine believe that it runs on a Mac. */
const asMacos = (ioreg: string): string => `
  Object.defineProperty(process, 'platform', { value: 'darwin' });
  const programs = require('node:child_process');
  const { spawn } = programs;
  programs.spawn = (file, args, options) =>
    file === '/usr/sbin/ioreg' && args.join(' ') === '-rd1 -c IOPlatformExpertDevice'
      ? spawn(process.execPath, ['-e', ${JSON.stringify(ioreg)}], options)
      : spawn(file, args, options);`;

/** The code that tells the ID of the machine, as it is bundled. */
let machine: string;
beforeAll(async () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const code = `import { createMachine } from './src/sender/platform/sender-machine.js';
    createMachine().rawMachineId().then(
      (id) => console.log(id),
      (error) => console.log(error instanceof Error, error.code));`;
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root },
    ...{ bundle: true, platform: 'node', format: 'cjs', write: false },
    plugins: [boundedMachineId],
  });
  machine = outputFiles[0]?.text ?? '';
});

const machineIdBy = (ioreg: string): string =>
  spawnSync(process.execPath, ['-'], {
    ...{ input: `${asMacos(ioreg)}\n${machine}`, encoding: 'utf8', env: {} },
  }).stdout.trim();

const printing = (text: string): string => `process.stdout.write(${JSON.stringify(text)})`;

it('the ID of a Mac is the UUID that ioreg prints', () => {
  expect(machineIdBy(printing(IOREG))).toBe(UUID.toLowerCase());
});

it.each([
  ['fails', 'process.exitCode = 1', 'true undefined'],
  ['hangs', 'setTimeout(() => {}, 60_000)', 'true machine-id-late'],
])('an ioreg that %s gives none', (_case, ioreg, told) => {
  expect(machineIdBy(ioreg)).toBe(told);
});

it('an ioreg that prints something else gives none, and ends nothing', () => {
  expect(machineIdBy(printing('no such registry entry\n'))).toMatch(/^true/);
});
