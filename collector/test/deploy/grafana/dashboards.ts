import { readFileSync } from 'node:fs';
import { deployFile } from '../support/deploy-file.js';

interface Source {
  readonly type: string;
  readonly uid: string;
}

interface Target {
  readonly refId: string;
  readonly datasource: Source;
  /** PromQL; a query of the stats API has a URL. */
  readonly expr?: string;
  readonly url?: string;
  readonly url_options?: { readonly params: readonly { key: string; value: string }[] };
  readonly root_selector?: string;
  readonly columns?: readonly { selector: string; text: string; type: string }[];
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: Source;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets?: readonly Target[];
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: string | { readonly query: string };
  readonly allValue?: string;
}

interface Dashboard {
  readonly id: null;
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
}

const FILES = [
  'grafana/dashboards/business.json',
  'grafana/dashboards/service.json',
  'grafana/dashboards/logs.json',
];

/** The dashboards that are shipped. */
export const DASHBOARDS = FILES.map((file) => ({
  file,
  dashboard: JSON.parse(readFileSync(deployFile(file), 'utf8')) as Dashboard,
}));

/** All targets of a dashboard, with the titles of their panels. */
export const targetsOf = ({ panels }: Dashboard): readonly { title: string; target: Target }[] =>
  panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, target })));
