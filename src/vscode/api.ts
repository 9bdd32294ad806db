import type { FieldDropCounts } from '../drop-reasons.js';
import type { EdgeHeadcount, EdgeOptions, EdgeStatus } from '../edge/api.js';
import type { EventDeclarations } from '../report/declared-events.js';

/** The part of VS Code's `ExtensionContext` that is used. */
export interface VscodeContext {
  readonly globalState: {
    get(key: string): unknown;
    update(key: string, value: unknown): PromiseLike<void>;
  };
  readonly extension: { readonly packageJSON: unknown };
  /** 3 is that of a run of the extension's tests. */
  readonly extensionMode: number;
  readonly subscriptions: { push(item: { dispose(): unknown }): unknown };
}

/** The part of VS Code's `env` that is used. */
export interface VscodeEnv {
  /** Asked before each report and each request. An editor that has none counts as one that says no. */
  readonly isTelemetryEnabled?: boolean;
  /** Without it, a request under way ends by itself after a no. */
  onDidChangeTelemetryEnabled?(listener: (isEnabled: boolean) => void): { dispose(): unknown };
}

/** The options of `createHeadcount()` of `headcount/vscode`. All of them are optional. */
export interface VscodeOptions<Events extends EventDeclarations = EventDeclarations> extends Omit<
  EdgeOptions<Events>,
  'project' | 'version' | 'endpoint' | 'storage' | 'countsInstall'
> {
  /**
   * The name that reports are counted for.
   *
   * @default the `name` of the extension's package.json
   */
  readonly project?: string;
  /**
   * The extension's version.
   *
   * @default the `version` of its package.json
   */
  readonly version?: string;
  /**
   * The collector's address, by `https:`.
   *
   * @default `headcount.endpoint` of its package.json
   */
  readonly endpoint?: string;
  /**
   * Reports in runs of the extension's tests too.
   *
   * @default false
   */
  readonly inTests?: boolean;
}

/** What happens to the reports of an extension. */
export interface VscodeStatus extends EdgeStatus {
  /** Reports that were dropped: the oldest of more than 500, and those that the collector refuses. */
  readonly dropped: number;
  /** Events that were not reported, because they were not declared. */
  readonly undeclaredEvents: number;
  /** Fields that were left out of reports, by reason. */
  readonly droppedFields: FieldDropCounts;
}

/** Telemetry of an extension. No call throws after set-up. */
export interface VscodeHeadcount<
  Events extends EventDeclarations = EventDeclarations,
> extends EdgeHeadcount<Events> {
  flush(): Promise<VscodeStatus>;
  status(): VscodeStatus;
}
