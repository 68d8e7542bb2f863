// Reads CronJobs of Kubernetes, from manifests or from `kubectl get cronjobs -o yaml`: several documents, lists among them.
// What runs in a container becomes the input of a handler that the importing person names.

import type { ScheduleOptions } from '@muster/sdk';
import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { fileBytesMax, readYaml, ValueFault, type YamlText } from '../file/documents.ts';
import type { Imported, ImportedEntry } from './imported.ts';
import { containerInput } from './kubernetes-container.ts';
import { type Fields, leftOver, mapOf, textOf } from './kubernetes-fields.ts';
import { isZone, NameGiver } from './names.ts';

/** How manifests are read. */
export interface KubernetesOptions {
  /** Handler that gets image, command, arguments and environment. Undefined: `container.run`, with a warning. */
  readonly handler?: string | undefined;
  /** Zone of CronJobs that name none. Undefined: UTC, with a warning. */
  readonly zone?: string | undefined;
}

/** The handler where none is named. */
export const containerHandlerDefault = 'container.run';

/** Retries of a Job that does not say how many. */
const backoffLimitDefault = 6;
const attemptsMax = 1_000;
const labelsMax = 16;

/** Reads the text of manifests. Never throws. */
export function readCronJobs(text: string, options: KubernetesOptions): Imported {
  const yaml = readYaml(text);
  const warnings = yaml.faults.map(({ place, what }) => `Line ${place.line}: ${what}`);
  if (warnings.length > 0) return { entries: [], warnings };
  const found = yaml.contents.flatMap((content) => objects(content, yaml, warnings));
  const jobs = found.filter(({ fields, line }) => {
    const isCronJob = textOf(fields.kind) === 'CronJob';
    if (!isCronJob)
      warnings.push(
        `Line ${line}: ${textOf(fields.kind) || 'what has no kind'} is no CronJob; it is left out.`,
      );
    return isCronJob;
  });
  if (jobs.length > 0) warnings.push(...remarks(jobs, options));
  const namespaces = new Set(jobs.map(({ fields }) => textOf(mapOf(fields.metadata).namespace)));
  const around: Around = { options, names: new NameGiver(), prefixed: namespaces.size > 1 };
  return { entries: jobs.map((job) => entryOf(job, around)), warnings };
}

interface Found {
  readonly fields: Fields;
  readonly line: number;
}

/** The objects of a document; those of a list one by one. */
function objects(content: Node | null, yaml: YamlText, warnings: string[]): Found[] {
  const node = content === null ? undefined : yaml.target(content);
  if (node === undefined || (isScalar(node) && node.value === null)) return [];
  const { line } = yaml.placeOf(node);
  if (!isMap(node)) {
    warnings.push(`Line ${line}: this is no object of Kubernetes; it is left out.`);
    return [];
  }
  const items = itemsOf(node, yaml);
  if (items !== undefined) return items.flatMap((item) => objects(item, yaml, warnings));
  try {
    return [{ fields: mapOf(yaml.valueOf(node, fileBytesMax)), line }];
  } catch (error) {
    if (!(error instanceof ValueFault)) throw error;
    warnings.push(
      `Line ${yaml.placeOf(error.node).line}: ${textOf(node.get('kind')) || 'an object'} ${error.message}; it is left out.`,
    );
    return [];
  }
}

function itemsOf(node: YAMLMap, yaml: YamlText): Node[] | undefined {
  if (!textOf(node.get('kind')).endsWith('List')) return undefined;
  const given = node.get('items', true) as Node | undefined;
  const items = given && yaml.target(given);
  return isSeq(items) ? (items.items as Node[]) : [];
}

function remarks(jobs: readonly Found[], { handler, zone }: KubernetesOptions): string[] {
  const namespaces = new Set(
    jobs
      .map(({ fields }) => textOf(mapOf(fields.metadata).namespace))
      .filter((each) => each !== ''),
  );
  const zoneless = jobs.filter(({ fields }) => textOf(mapOf(fields.spec).timeZone) === '');
  return [
    ...(handler === undefined
      ? [
          `Muster has no built-in handler that runs containers: "${containerHandlerDefault}" has to be written. --handler names another.`,
        ]
      : []),
    ...(namespaces.size > 0
      ? [
          `Namespaces of Kubernetes (${[...namespaces].join(', ')}) are not taken over; --namespace of apply says where schedules belong.`,
        ]
      : []),
    ...(zone === undefined && zoneless.length > 0
      ? [
          `${zoneless.length} of ${jobs.length} have no timeZone and follow the zone of the controller: UTC is assumed. --zone gives another.`,
        ]
      : []),
  ];
}

interface Around {
  readonly options: KubernetesOptions;
  readonly names: NameGiver;
  /** True: names begin with the namespace, because there are several. */
  readonly prefixed: boolean;
}

function entryOf(
  { fields, line }: Found,
  { options: given, names, prefixed }: Around,
): ImportedEntry {
  const metadata = mapOf(fields.metadata);
  const spec = mapOf(fields.spec);
  const job = mapOf(mapOf(spec.jobTemplate).spec);
  const container = containerInput(mapOf(mapOf(job.template).spec));
  const times = timesOf(spec, given.zone);
  const policies = policiesOf(spec, job);
  const labels = labelsOf(mapOf(metadata.labels));
  const wish = `${prefixed ? `${textOf(metadata.namespace)}/` : ''}${textOf(metadata.name)}`;
  const options: ScheduleOptions = {
    name: names.give(wish, `line-${line}`),
    handler: given.handler ?? containerHandlerDefault,
    ...times.options,
    input: container.input,
    ...policies.options,
    ...labels.options,
  };
  const annotations = Object.keys(mapOf(metadata.annotations));
  const dropped = [
    ...leftOver(spec, 'spec', specKeys),
    ...leftOver(job, 'jobTemplate.spec', jobKeys),
    ...annotations.map((key) => `annotation ${key}`),
  ];
  const warnings = [
    times.fault,
    ...times.warnings,
    ...policies.warnings,
    ...labels.warnings,
    ...container.warnings,
    dropped.length === 0 ? '' : `Not taken over: ${dropped.join(', ')}.`,
  ].filter((each) => each !== '');
  return { options, warnings, line, applicable: times.fault === '' };
}

const specKeys = [
  ...['schedule', 'timeZone', 'concurrencyPolicy', 'startingDeadlineSeconds', 'suspend'],
  ...['jobTemplate', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'],
];
const jobKeys = ['backoffLimit', 'activeDeadlineSeconds', 'template'];

function timesOf(spec: Fields, zoneGiven: string | undefined) {
  const written = textOf(spec.schedule).trim();
  const prefix = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(written);
  const schedule = prefix?.[2] ?? written;
  const zone = textOf(spec.timeZone) || (prefix?.[1] ?? zoneGiven);
  const every = /^@every (\d+(?:\.\d+)?(?:ms|s|m|h))$/.exec(schedule)?.[1];
  const isCron =
    /^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(schedule) ||
    schedule.split(/\s+/).length === 5;
  const fault =
    every !== undefined || isCron
      ? ''
      : `schedule "${written}" has no equal here. It is commented out.`;
  const options: Pick<ScheduleOptions, 'cron' | 'every' | 'zone'> = {
    ...(every === undefined
      ? { cron: schedule.replace(/(?<=^|\s)\?(?=\s|$)/g, '*') }
      : { every: every as NonNullable<ScheduleOptions['every']> }),
    ...(zone === undefined ? {} : { zone }),
  };
  const warnings =
    zone === undefined || isZone(zone) ? [] : [`"${zone}" is no IANA time zone: correct it.`];
  return { options, warnings, fault };
}

function policiesOf(spec: Fields, job: Fields) {
  const warnings: string[] = [];
  const concurrency = textOf(spec.concurrencyPolicy) || 'Allow';
  const overlap = { Allow: 'ALLOW', Forbid: 'SKIP', Replace: 'CANCEL' }[concurrency];
  if (overlap === undefined)
    warnings.push(`concurrencyPolicy ${concurrency} is not known; overlapping runs are allowed.`);
  const start = secondsOf(spec, 'startingDeadlineSeconds', warnings);
  const active = secondsOf(job, 'activeDeadlineSeconds', warnings);
  const backoffLimit =
    job.backoffLimit === undefined ? backoffLimitDefault : Number(job.backoffLimit);
  const attempts = Number.isInteger(backoffLimit) && backoffLimit >= 0 ? backoffLimit + 1 : 1;
  if (attempts > attemptsMax || attempts !== backoffLimit + 1)
    warnings.push(
      `backoffLimit is ${textOf(job.backoffLimit)}: 1 to ${attemptsMax} attempts are possible.`,
    );
  if (spec.suspend === true) warnings.push('It is suspended: pause it after applying.');
  for (const key of ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'])
    if (spec[key] !== undefined)
      warnings.push(
        `${key} ${textOf(spec[key])}: tasks are kept by the retention of the namespace instead.`,
      );
  const options: Pick<ScheduleOptions, 'misfire' | 'overlap' | 'retry' | 'totalTimeout'> = {
    misfire: start === undefined ? 'ONCE' : { rule: 'ONCE', startDeadline: start },
    overlap: (overlap ?? 'ALLOW') as 'ALLOW' | 'SKIP' | 'CANCEL',
    retry: { maxAttempts: Math.min(attempts, attemptsMax) },
    ...(active === undefined ? {} : { totalTimeout: active }),
  };
  return { options, warnings };
}

function secondsOf(fields: Fields, key: string, warnings: string[]): `${number}s` | undefined {
  const value = fields[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return `${value}s`;
  warnings.push(`${key} is ${textOf(value)}, which has no equal; it is left out.`);
  return undefined;
}

function labelsOf(given: Fields): { options: Pick<ScheduleOptions, 'labels'>; warnings: string[] } {
  const entries = Object.entries(given).map(([key, value]): [string, string] => [
    key,
    textOf(value),
  ]);
  const fits = ([key, value]: [string, string]) =>
    /^[a-z][a-z0-9._\-/]{0,62}$/.test(key) && Buffer.byteLength(value) <= 128;
  const kept = entries.filter(fits).slice(0, labelsMax);
  const dropped = entries.filter((entry) => !kept.includes(entry)).map(([key]) => key);
  return {
    options: kept.length === 0 ? {} : { labels: Object.fromEntries(kept) },
    warnings:
      dropped.length === 0
        ? []
        : [`Labels that are not possible here, or too many: ${dropped.join(', ')}.`],
  };
}
