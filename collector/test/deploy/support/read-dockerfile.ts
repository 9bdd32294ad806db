import { readFileSync } from 'node:fs';
import { DockerfileParser, type Instruction } from 'dockerfile-ast';
import { ModifiableInstruction } from 'dockerfile-ast/lib/modifiableInstruction.js';

/** One instruction, as `RUN`, `--mount=…` and the rest. */
export interface Step {
  readonly keyword: string;
  readonly flags: Readonly<Record<string, string>>;
  /** Without flags, in one line. */
  readonly text: string;
  /** The words of the text, or the texts of its JSON list. */
  readonly words: readonly string[];
  /** Whether it was written as a JSON list, which no shell reads. */
  readonly isList: boolean;
}

/** The instructions from one `FROM` to the next. */
export interface Stage {
  readonly name: string;
  readonly from: string;
  readonly steps: readonly Step[];
}

/** Reads a Dockerfile into its stages, with the defaults of its build arguments in place. */
export function readDockerfile(path: string): readonly Stage[] {
  const stages: { name: string; from: string; steps: Step[] }[] = [];
  const defaults = new Map<string, string>();
  for (const instruction of DockerfileParser.parse(readFileSync(path, 'utf8')).getInstructions()) {
    const step = toStep(instruction);
    const stage = stages.at(-1);
    if (step.keyword === 'ARG' && stage === undefined) {
      const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(step.text) ?? [];
      defaults.set(name, value);
    } else if (step.keyword === 'FROM') {
      const [image = '', , name = ''] = step.words;
      // Docker knows these arguments nowhere else.
      const from = image.replace(
        /^\$\{(\w+)\}$/,
        (whole, name: string) => defaults.get(name) ?? whole,
      );
      stages.push({ name, from, steps: [] });
    } else if (stage === undefined) {
      throw new Error(`${step.keyword} stands before the first FROM.`);
    } else stage.steps.push(step);
  }
  return stages;
}

function toStep(instruction: Instruction): Step {
  const keyword = instruction.getKeyword();
  const text = instruction.getArgumentsContent() ?? '';
  const flags = instruction instanceof ModifiableInstruction ? instruction.getFlags() : [];
  const list = text.replace(/^CMD\s+/, '');
  const isList = list.startsWith('[');
  return {
    ...{ keyword, text, isList },
    flags: Object.fromEntries(flags.map((flag) => [flag.getName(), flag.getValue() ?? ''])),
    words: isList ? (JSON.parse(list) as string[]) : text.split(/\s+/),
  };
}
