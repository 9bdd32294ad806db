import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { deployFile } from '../support/deploy-file.js';

interface Step {
  readonly type: string;
  readonly parameters: readonly string[];
}

interface Trigger {
  readonly uuid: string;
  readonly expression: string;
  readonly name: string;
  readonly priority: string;
}

export interface Item {
  readonly uuid: string;
  readonly name: string;
  readonly type: string;
  readonly key: string;
  readonly value_type: string;
  readonly url?: string;
  readonly headers?: readonly { name: string; value: string }[];
  readonly valuemap?: { readonly name: string };
  readonly preprocessing?: readonly Step[];
  readonly master_item?: { readonly key: string };
  readonly triggers?: readonly Trigger[];
  readonly trigger_prototypes?: readonly Trigger[];
}

interface Rule {
  readonly uuid: string;
  readonly key: string;
  readonly master_item: { readonly key: string };
  readonly preprocessing: readonly Step[];
  readonly lld_macro_paths: readonly { lld_macro: string; path: string }[];
  readonly item_prototypes: readonly Item[];
}

interface Template {
  readonly template: string;
  readonly items: readonly Item[];
  readonly discovery_rules: readonly Rule[];
  readonly macros: readonly { macro: string; value?: string }[];
  readonly valuemaps: readonly { uuid: string; name: string }[];
}

export const TEXT = readFileSync(deployFile('zabbix/headcount.yaml'), 'utf8');

const EXPORT = parse(TEXT) as {
  readonly zabbix_export: { readonly version: string; readonly templates: readonly [Template] };
};

/** The version of the format. */
export const FORMAT = EXPORT.zabbix_export.version;

/** The template that is shipped. */
export const [TEMPLATE] = EXPORT.zabbix_export.templates;
