import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A sending child as the process table shows it. */
export interface ExitChild {
  readonly pid: number;
  readonly environment: Record<string, string>;
  readonly commandLine: readonly string[];
  readonly cwd: string;
  /** What its standard streams are. */
  readonly streams: readonly string[];
  readonly ageMs: number;
  readonly peakKb: number;
}

/** Every sending child that is alive and that belongs to a home. */
export function exitChildren(home?: string): ExitChild[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return describe(Number(pid));
      } catch {
        return []; // ended while it was looked at
      }
    })
    .filter(({ environment }) => home === undefined || environment['HOME'] === home);
}

function describe(pid: number): ExitChild[] {
  const folder = `/proc/${pid}`;
  const environment = Object.fromEntries(
    fields(`${folder}/environ`).map((entry) => {
      const at = entry.indexOf('=');
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
  if (environment['HEADCOUNT_CHILD'] !== '1') return [];
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`${folder}/status`, 'utf8'))?.[1];
  if (peak === undefined) return []; // a zombie: it has ended
  return [
    {
      pid,
      environment,
      commandLine: fields(`${folder}/cmdline`),
      cwd: readlinkSync(`${folder}/cwd`),
      streams: [0, 1, 2].map((fd) => readlinkSync(`${folder}/fd/${fd}`)),
      ageMs: ageOf(folder),
      peakKb: Number(peak),
    },
  ];
}

const fields = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .split('\0')
    .filter((field) => field !== '');

/** In clock ticks of 10 ms, field 22 of proc(5)'s stat; the second field may hold spaces. */
function ageOf(folder: string): number {
  const stat = readFileSync(`${folder}/stat`, 'utf8');
  const started = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  return uptime * 1_000 - started * 10;
}
