// Reads the schedules of a file, as `muster schedule apply` takes them:
//
//   namespace: default             # optional; the command's --namespace wins
//   schedules:
//     - name: nightly-report
//       handler: report.build
//       cron: "0 3 * * *"          # or a list; as crontab(5). quartz: "0 0 3 ? * MON-FRI" is the other dialect
//       zone: Europe/Berlin
//       input: { kind: full }      # any value, sent as JSON; or inputTemplate: '{"day": {{local_date}}}'
//       misfire: once              # once | all | skip, or { rule: all, lateAfter: 60s, catchUp: 6h, max: 100 }
//       overlap: skip              # allow | skip | cancel, or { rule: buffer, buffer: 5, running: 1 }
//       retry: { maxAttempts: 5, initialDelay: 2s }
//
// The keys are those of the SDK's `ScheduleOptions`; its upper-case words may be written in lower case, times are RFC 3339,
// durations have their unit. Several documents in one file are read as one. What is not known is refused. Here it is seen
// to that each value has its form; what the values may be together is the business of the SDK and the coordinator.

import type { ScheduleOptions } from '@muster/sdk';
import { nearestName } from '@muster/sdk/internal';
import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { type Place, readYaml, type YamlText } from './documents.ts';
import { FaultList } from './faults.ts';
import { type Form, scheduleForm } from './form.ts';
import { formFault, keyOf, type Reading, readMap, shown } from './read-value.ts';

/** One schedule of a file. */
export interface ScheduleEntry {
  readonly options: ScheduleOptions;
  /** Where an option stands, for example `retry.maxAttempts` or `cron[1]`; of what is not written, what is around it. */
  placeOf(option: string): Place;
}

/** What a file says. With faults it is incomplete. */
export interface ScheduleFile {
  /** Undefined: the file does not say. */
  readonly namespace: string | undefined;
  readonly entries: readonly ScheduleEntry[];
  readonly faults: FaultList;
}

/** Schedules of one file. */
export const schedulesMax = 100_000;

const namespaceForm: Form = { kind: 'text', example: 'default' };
const documentKeys = ['namespace', 'schedules'];
const documentExample = 'schedules: [{ name: nightly-report, handler: report.build, every: 15m }]';

/** Reads the text of a file. Never throws. */
export function readSchedules(text: string): ScheduleFile {
  const yaml = readYaml(text);
  const faults = new FaultList();
  for (const fault of yaml.faults) faults.add({ ...fault, schedule: '' });
  if (faults.count > 0) return { namespace: undefined, entries: [], faults };
  const file = new FileReader(yaml, faults);
  for (const document of yaml.contents) file.readDocument(document);
  return { namespace: file.namespace, entries: file.entries, faults };
}

/** Reads document after document into one list. */
class FileReader {
  readonly #yaml: YamlText;
  readonly #faults: FaultList;
  readonly #places = new Map<string, Place>();
  #count = 0;
  readonly entries: ScheduleEntry[] = [];
  namespace: string | undefined;

  constructor(yaml: YamlText, faults: FaultList) {
    this.#yaml = yaml;
    this.#faults = faults;
  }

  readDocument(content: Node | null): void {
    const node = content === null ? undefined : this.#yaml.target(content);
    // A document of comments only.
    if (node === undefined || (isScalar(node) && node.value === null)) return;
    if (!isMap(node)) {
      const what = `The document is ${shown(node)}, but must be a map. For example: ${documentExample}`;
      this.#fault(node, '', what);
      return;
    }
    this.#checkKeys(node);
    const namespace = this.#valueAt(node, 'namespace');
    if (namespace !== undefined) this.#readNamespace(namespace);
    const list = this.#valueAt(node, 'schedules');
    if (list === undefined || (isScalar(list) && list.value === null)) return;
    if (isSeq(list)) for (const item of list.items) this.#readEntry(item as Node);
    else
      this.#fault(list, '', `schedules is ${shown(list)}, but must be a list. ${documentExample}`);
  }

  #checkKeys(node: YAMLMap): void {
    const seen = new Set<string>();
    for (const { key } of node.items) {
      const name = keyOf(key as Node, this.#yaml);
      const near = nearestName(name, documentKeys);
      const hint =
        near === undefined ? `Known: ${documentKeys.join(', ')}` : `Did you mean "${near}"?`;
      if (!documentKeys.includes(name))
        this.#fault(key as Node, '', `A document has no key "${name}". ${hint}`);
      else if (seen.has(name)) this.#fault(key as Node, '', `The key "${name}" is here twice.`);
      seen.add(name);
    }
  }

  #readNamespace(node: Node): void {
    if (!isScalar(node) || typeof node.value !== 'string') {
      this.#fault(node, '', formFault('namespace', node, namespaceForm));
      return;
    }
    if (this.namespace !== undefined && this.namespace !== node.value)
      this.#fault(
        node,
        '',
        `namespace is "${node.value}", but "${this.namespace}" in a document before. Use one file for each namespace.`,
      );
    this.namespace ??= node.value;
  }

  #readEntry(item: Node): void {
    this.#count += 1;
    if (this.#count === schedulesMax + 1)
      this.#fault(item, '', `A file may have at most ${schedulesMax} schedules. Split it.`);
    if (this.#count > schedulesMax) return;
    const yaml = this.#yaml;
    const node = yaml.target(item);
    const named = isMap(node) ? this.#valueAt(node, 'name') : undefined;
    const name = isScalar(named) ? String(named.value) : '';
    const before = this.#faults.count;
    const reading: Reading = { yaml, faults: this.#faults, schedule: name };
    const options = readMap(item, scheduleForm, '', reading);
    if (named !== undefined && name !== '') this.#checkName(name, named);
    // What `readMap` made by the form has the types that the form was written from.
    if (this.#faults.count === before && isMap(node))
      this.entries.push({
        options: options as unknown as ScheduleOptions,
        placeOf: (option) => placeWithin(node, option, yaml),
      });
  }

  #checkName(name: string, node: Node): void {
    const place = this.#yaml.placeOf(node);
    const first = this.#places.get(name);
    if (first === undefined) this.#places.set(name, place);
    else
      this.#faults.add({
        place,
        schedule: name,
        what: `The name is in the file twice: on line ${first.line} and on line ${place.line}. Give one of them another name.`,
      });
  }

  #valueAt(node: YAMLMap, name: string): Node | undefined {
    const pair = node.items.find(({ key }) => keyOf(key as Node, this.#yaml) === name);
    return pair?.value ? this.#yaml.target(pair.value as Node) : undefined;
  }

  #fault(node: Node, schedule: string, what: string): void {
    this.#faults.add({ place: this.#yaml.placeOf(node), schedule, what });
  }
}

function placeWithin(entry: YAMLMap, option: string, yaml: YamlText): Place {
  let place = yaml.placeOf(entry);
  let node: Node | undefined = entry;
  for (const step of option.split(/[.[\]]+/).filter((each) => each !== '')) {
    const inner: unknown = isMap(node)
      ? node.items.find(({ key }) => keyOf(key as Node, yaml) === step)?.value
      : isSeq(node)
        ? node.items[Number(step)]
        : undefined;
    if (!inner) break;
    place = yaml.placeOf(inner as Node);
    node = yaml.target(inner as Node);
  }
  return place;
}
