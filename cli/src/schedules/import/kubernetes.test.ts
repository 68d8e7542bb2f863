// CronJobs as they are written, and as a cluster gives them out.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCronJobs } from './kubernetes.ts';
import { assertRoundTrip, assertSome, optionsAt } from './round-trip.ts';

const manifests = `# Two jobs and what belongs to them
apiVersion: batch/v1
kind: CronJob
metadata:
  name: hello
  namespace: prod
  labels: { app.kubernetes.io/name: hello, Team: x }
  annotations: { note: text }
spec:
  schedule: "*/5 * * * *"
  timeZone: "Europe/Berlin"
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 200
  suspend: true
  successfulJobsHistoryLimit: 3
  jobTemplate:
    spec:
      backoffLimit: 2
      activeDeadlineSeconds: 600
      ttlSecondsAfterFinished: 100
      template:
        spec:
          restartPolicy: OnFailure
          volumes: []
          containers:
            - name: hello
              image: busybox:1.28
              command: ["/bin/sh", "-c", "date; echo Hello"]
              args: [one]
              env:
                - { name: A, value: "1" }
                - { name: B, valueFrom: { secretKeyRef: { name: s, key: k } } }
              resources: {}
---
apiVersion: v1
kind: Service
metadata: { name: hello }
---
apiVersion: batch/v1beta1
kind: CronJob
metadata: { name: replace-me, namespace: prod }
spec:
  schedule: "@every 90m"
  concurrencyPolicy: Replace
  jobTemplate:
    spec:
      template:
        spec:
          containers: [{ name: a, image: a:1 }, { name: b, image: b:2 }]
`;

const cronJob = (name: string, namespace: string, schedule: string) => `
- apiVersion: batch/v1
  kind: CronJob
  metadata: { name: ${name}, namespace: ${namespace} }
  spec:
    schedule: ${schedule}
    jobTemplate: { spec: { template: { spec: { containers: [{ name: a, image: a }] } } } }`;

describe('CronJobs', () => {
  const imported = readCronJobs(manifests, {});
  const { entries, warnings } = imported;

  it('become schedules with the same times and policies', () => {
    assert.deepEqual(optionsAt(imported, 0), {
      name: 'hello',
      handler: 'container.run',
      cron: '*/5 * * * *',
      zone: 'Europe/Berlin',
      input: {
        image: 'busybox:1.28',
        command: ['/bin/sh', '-c', 'date; echo Hello'],
        args: ['one'],
        env: { A: '1' },
      },
      misfire: { rule: 'ONCE', startDeadline: '200s' },
      overlap: 'SKIP',
      retry: { maxAttempts: 3 },
      totalTimeout: '600s',
      labels: { 'app.kubernetes.io/name': 'hello' },
    });
    assert.deepEqual(optionsAt(imported, 1), {
      name: 'replace-me',
      handler: 'container.run',
      every: '90m',
      input: { containers: [{ image: 'a:1' }, { image: 'b:2' }] },
      misfire: 'ONCE',
      overlap: 'CANCEL',
      retry: { maxAttempts: 7 },
    });
    assertRoundTrip(imported);
  });

  it('lose nothing without a word', () => {
    const own = entries[0]?.warnings ?? [];
    assertSome(own, /It is suspended: pause it after applying/);
    assertSome(own, /successfulJobsHistoryLimit 3/);
    assertSome(own, /not possible here, or too many: Team/);
    assertSome(own, /variable B comes from secretKeyRef/);
    assertSome(own, /Not taken over: jobTemplate\.spec\.ttlSecondsAfterFinished, annotation note/);
    assertSome(own, /Not taken over: pod\.volumes, container hello\.resources/);
    assertSome(entries[1]?.warnings ?? [], /There are 2 containers/);
    assertSome(warnings, /^Line 35: Service is no CronJob; it is left out/);
    assertSome(warnings, /no built-in handler that runs containers/);
    assertSome(warnings, /Namespaces of Kubernetes \(prod\)/);
    assertSome(warnings, /1 of 2 have no timeZone .* UTC is assumed/);
    assert.deepEqual(
      entries.map(({ line }) => line),
      [2, 39],
    );
  });

  it('of a cluster come as a list, from several namespaces', () => {
    const items = [
      cronJob('a', 'one', '"0 0 * * ?"'),
      cronJob('a', 'two', '"TZ=Asia/Tokyo 0 0 * * *"'),
      cronJob('b', 'two', '"every day"'),
    ];
    const list = `apiVersion: v1\nkind: List\nitems:${items.join('')}\n`;
    const found = readCronJobs(list, { handler: 'pod.run', zone: 'UTC' });
    assert.deepEqual(
      found.entries.map(({ options, applicable }) => [
        ...[options.name, options.cron, options.zone, options.handler, applicable],
      ]),
      [
        ['one/a', '0 0 * * *', 'UTC', 'pod.run', true],
        ['two/a', '0 0 * * *', 'Asia/Tokyo', 'pod.run', true],
        ['two/b', 'every day', 'UTC', 'pod.run', false],
      ],
    );
    assertSome(found.entries[2]?.warnings ?? [], /schedule "every day" has no equal/);
    assert.ok(!found.warnings.some((warning) => /built-in|timeZone/.test(warning)));
    assertRoundTrip(found);
  });

  it('that are no YAML, or nothing at all, say so', () => {
    assertSome(readCronJobs('kind: [', {}).warnings, /^Line 1: This is not YAML/);
    assertSome(readCronJobs('hello', {}).warnings, /^Line 1: this is no object of Kubernetes/);
    const bare = readCronJobs('kind: CronJob\n', {});
    assert.deepEqual(
      bare.entries.map(({ applicable }) => applicable),
      [false],
    );
    assertRoundTrip(bare);
  });
});
