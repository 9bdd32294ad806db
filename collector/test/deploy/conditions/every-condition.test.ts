import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Condition,
  CONDITION_NAMES,
  type ConditionName,
  CONDITIONS,
  type Unit,
} from '../../../src/health/conditions.js';
import type { AlertEvent } from '../../../src/notices/notice.js';
import { type AtEnd, temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';
import { startReceiver, type WebhookReceiver } from '../../support/webhook-receiver.js';
import { freePort } from '../../support/free-port.js';
import { type Prometheus, startPrometheus } from '../support/start-prometheus.js';
import type { Scene } from './scene.js';
import { type Case, CASES, type SceneName, SCENES } from './table.js';

const RULES = fileURLToPath(new URL('../../../deploy/prometheus/alerts.yml', import.meta.url));
const SCENE_NAMES = Object.keys(SCENES) as SceneName[]; // the keys of a constant

const undo: (() => void | Promise<void>)[] = [];
const atEnd: AtEnd = (step) => void undo.unshift(step);
const scenes = new Map<SceneName, Scene>();
let receiver: WebhookReceiver;
let prometheus: Prometheus;

/** The rules of the kit, which here need not wait until something lasts. */
function rulesAtOnce(): string {
  const path = join(temporaryFolder(atEnd), 'alerts.yml');
  writeFileSync(path, readFileSync(RULES, 'utf8').replaceAll(/for: \d+[mh]/g, 'for: 0s'));
  return path;
}

beforeAll(async () => {
  receiver = await startReceiver([], { atEnd });
  const targets: string[] = [];
  const start = async (name: SceneName): Promise<void> => {
    const port = await freePort();
    targets.push(`      - { targets: ['127.0.0.1:${port}'], labels: { instance: ${name} } }`);
    const webhook = `${receiver.url}/${name}`;
    scenes.set(name, await SCENES[name]({ port, webhook, atEnd }));
  };
  // The threads that start meanwhile are taken for its own.
  await start('dead-thread');
  await Promise.all(SCENE_NAMES.filter((name) => name !== 'dead-thread').map(start));
  const config = [
    'global: { scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 1s }',
    `rule_files: ['${rulesAtOnce()}']`,
    'scrape_configs:',
    '  - job_name: headcount',
    '    static_configs:',
    ...targets,
  ];
  prometheus = await startPrometheus(config.join('\n'), atEnd);
});
afterAll(async () => {
  for (const step of undo) await step();
});

/** What each scene does, all at the same time. One that fails is told by the tests of its conditions. */
function playAll(step: 'provoke' | 'mend'): Map<SceneName, Promise<unknown>> {
  const all = [...scenes].map(([name, scene]) => {
    const played = scene[step]().catch((error: unknown) => error);
    return [name, played] as const;
  });
  return new Map(all);
}

async function shownIn(scene: Scene, name: ConditionName): Promise<[number, Condition]> {
  const { status, body } = await scene.ask('/health');
  const { components, warnings } = body as Record<string, Record<string, Condition>>;
  const shown = components?.[name] ?? warnings?.[name];
  if (shown === undefined) throw new Error(`/health has no ${name}.`);
  return [status, shown];
}

interface Line {
  readonly level: string;
  readonly state: string;
  readonly since: string;
  readonly hint?: string;
  readonly msg: string;
}

/** How much each scene had told before anything was provoked: a busy machine may be slow then. */
const toldBefore = new Map<Scene, { readonly log: number; readonly received: number }>();

/**
 * What was told, without a part that hung for a moment and answered again: eight collectors share this
 * process, and a busy machine lets them wait.
 */
function withoutHangs<Told>(told: readonly Told[], textOf: (one: Told) => string): readonly Told[] {
  const [first] = told;
  if (first === undefined || told.length < 3 || !/has not answered within/.test(textOf(first))) {
    return told;
  }
  return withoutHangs(told.slice(2), textOf);
}

const linesOf = (scene: Scene, name: ConditionName): readonly Line[] =>
  withoutHangs(allLinesOf(scene, name), ({ msg }) => msg);

const allLinesOf = (scene: Scene, name: ConditionName): readonly Line[] =>
  scene
    .log()
    .slice(toldBefore.get(scene)?.log ?? 0)
    .split('\n')
    .filter((line) => line.includes(`"condition":"${name}"`))
    .map((line) => JSON.parse(line) as Line);

const eventsOf = (scene: SceneName, name: ConditionName): readonly AlertEvent[] =>
  withoutHangs(allEventsOf(scene, name), ({ condition }) => condition.reason);

const allEventsOf = (scene: SceneName, name: ConditionName): readonly AlertEvent[] =>
  receiver.received
    .slice(toldBefore.get(sceneOf(scene))?.received ?? 0)
    .filter(({ path }) => path.endsWith(`/${scene}`))
    .flatMap(({ body }) => body['events'] as AlertEvent[])
    .filter(({ condition }) => condition.name === name);

/** Asks Prometheus about one collector. */
const ask = async (text: string, scene: SceneName) =>
  prometheus.query(text.replaceAll('$', `instance="${scene}"`));

const holds = async (text: string, scene: SceneName): Promise<boolean> =>
  (await ask(text, scene)).length > 0;

/** The alert of a condition that is now sent, if it is. */
async function firing({ name, scene, alert }: Case) {
  const about =
    alert === 'HeadcountComponentFailing' || alert === 'HeadcountWarning'
      ? `, about="${name}"`
      : '';
  return ask(`ALERTS{$, alertname="${alert}", alertstate="firing"${about}}`, scene);
}

const isIllBy = (name: ConditionName, state: 0 | 1): string =>
  CONDITIONS[name].severity === 'critical'
    ? `headcount_component_up{$, component="${name}"} == ${1 - state}`
    : `headcount_warning{$, warning="${name}"} == ${state}`;

/** Conditions that begin below their threshold. */
const BELOW: ReadonlySet<ConditionName> = new Set(['memory_free', 'disk_full_soon', 'certificate']);

/** The end of the name of the metric that has values of a unit. */
const FAMILIES: Readonly<Record<Unit, string>> = {
  ...{ seconds: 'seconds', milliseconds: 'seconds', percent: 'ratio', bytes: 'bytes' },
  count: 'items',
};

it('has a row for every condition, and no other', () => {
  const named = new Set(CASES.map(({ name }) => name));
  expect([...named].sort()).toEqual([...CONDITION_NAMES].sort());
});

describe('what is wrong is told everywhere alike', () => {
  let provoked: ReturnType<typeof playAll>;
  beforeAll(async () => {
    for (const { name, scene } of CASES) {
      const [, shown] = await shownIn(sceneOf(scene), name);
      // What is wrong with seeded data is so from the start on.
      if (scene !== 'people') expect([name, shown.state]).toEqual([name, 'ok']);
    }
    for (const [name, scene] of scenes) {
      if (name === 'people') continue;
      toldBefore.set(scene, { log: scene.log().length, received: receiver.received.length });
    }
    provoked = playAll('provoke');
    await Promise.all(provoked.values());
  });

  it.each(CASES)('$name: $how', async (row) => {
    const { name, scene: of, readyz, figure } = row;
    const scene = sceneOf(of);
    const { severity, threshold, unit } = CONDITIONS[name];
    const isCritical = severity === 'critical';
    const wrong = isCritical ? 'failing' : 'warning';
    expect(await provoked.get(of)).toBeUndefined();

    await until(
      `/health tells ${name}`,
      async () => (await shownIn(scene, name))[1].state === wrong,
    );
    const [status, shown] = await shownIn(scene, name);
    if (isCritical) expect(status).toBe(503);
    expect(shown).toMatchObject({ state: wrong, unit, reason: expect.any(String) as string });
    expect(shown.hint).toMatch(
      new RegExp(`^\\S.* See .*/docs/collector/troubleshooting\\.md#${name}$`),
    );
    expect(Date.parse(shown.since)).not.toBeNaN();
    if (threshold !== null) expect(shown.threshold).toBe(threshold);
    if (shown.value !== null && shown.threshold !== null) {
      const [low, high] = BELOW.has(name)
        ? [shown.value, shown.threshold]
        : [shown.threshold, shown.value];
      expect(low).toBeLessThan(high);
    }
    expect((await scene.ask('/readyz')).status).toBe(readyz);

    await until(`a metric tells ${name}`, () => holds(isIllBy(name, 1), of));
    expect(await holds(`headcount_condition_active{$, condition="${name}"} == 1`, of)).toBe(true);
    await until(`${figure} holds`, () => holds(figure, of));
    if (shown.value !== null) {
      const family = `headcount_condition_${unit === null ? '' : FAMILIES[unit]}`;
      const value = `${family}{$, condition="${name}"}`;
      await until(`${value} is there`, () => holds(value, of));
    }

    const lines = linesOf(scene, name);
    // Both are told where it is more than one.
    expect(lines).toEqual([expect.anything()]);
    expect(lines[0]).toMatchObject({
      ...{ level: isCritical ? 'error' : 'warn', state: wrong },
      ...{ since: shown.since, hint: shown.hint },
    });

    await until(`the alert of ${name} fires`, async () => (await firing(row)).length > 0);

    await until(`the webhook is told of ${name}`, () => eventsOf(of, name).length > 0);
    const events = eventsOf(of, name);
    expect(events.map(({ event }) => event)).toEqual(['begin']);
    const { hint, link, ...condition } = events[0]?.condition ?? { hint: '', link: '' };
    expect(condition).toMatchObject({ severity, state: wrong, unit, since: shown.since });
    expect(`${hint} See ${link}`).toBe(shown.hint);
  });
});

describe('its end is told everywhere alike', () => {
  let mended: ReturnType<typeof playAll>;
  beforeAll(async () => {
    mended = playAll('mend');
    await Promise.all(mended.values());
  });

  it.each(CASES)('$name: $scene', async (row) => {
    const { name, scene: of, endsByRestart } = row;
    const scene = sceneOf(of);
    expect(await mended.get(of)).toBeUndefined();
    await until(`/health tells the end of ${name}`, async () => {
      return (await shownIn(scene, name))[1].state === 'ok';
    });
    const [, shown] = await shownIn(scene, name);
    expect(shown.reason).toBeNull();
    await until('no part of it fails', async () => (await scene.ask('/health')).status === 200);
    expect((await scene.ask('/readyz')).status).toBe(200);
    await until(`a metric tells the end of ${name}`, () => holds(isIllBy(name, 0), of));
    await until(`the alert of ${name} is over`, async () => (await firing(row)).length === 0);
    const ends = linesOf(scene, name)
      .slice(1)
      .map(({ level, state }) => [level, state]);
    expect(ends).toEqual(endsByRestart ? [] : [['info', 'ok']]);
    await until(`the webhook is told the end of ${name}`, () => eventsOf(of, name).length > 1);
    expect(eventsOf(of, name).map(({ event }) => event)).toEqual(['begin', 'end']);
  });
});

function sceneOf(name: SceneName): Scene {
  const scene = scenes.get(name);
  if (scene === undefined) throw new Error('The scenes begin before the first test.');
  return scene;
}
