// What a pod runs, as the input of a handler: `{ image, command, args, env }`, or a list of such where there are several
// containers. What needs a cluster (volumes, secrets, resources) stays behind, by name.

import { type Fields, leftOver, mapOf, mapsOf, textOf } from './kubernetes-fields.ts';

const containerKeys = ['name', 'image', 'command', 'args', 'env'];
/** Retries say what to do when a container ends. */
const podKeys = ['containers', 'restartPolicy'];

/** The input for a pod, and what could not be taken over. */
export function containerInput(pod: Fields): { input: unknown; warnings: string[] } {
  const containers = mapsOf(pod.containers);
  const inputs = containers.map(inputOf);
  const warnings = containers.flatMap(environmentWarnings);
  const [first] = inputs;
  if (first === undefined) warnings.push('There is no container: the input is empty.');
  if (inputs.length > 1)
    warnings.push(`There are ${inputs.length} containers: the input is a list, "containers".`);
  const dropped = [
    ...leftOver(pod, 'pod', podKeys),
    ...containers.flatMap((container) =>
      leftOver(container, `container ${textOf(container.name)}`, containerKeys),
    ),
  ];
  if (dropped.length > 0) warnings.push(`Not taken over: ${dropped.join(', ')}.`);
  return { input: inputs.length > 1 ? { containers: inputs } : (first ?? {}), warnings };
}

function inputOf(container: Fields): object {
  const plain = mapsOf(container.env).filter((variable) => variable.valueFrom === undefined);
  return {
    image: textOf(container.image),
    ...(container.command === undefined ? {} : { command: container.command }),
    ...(container.args === undefined ? {} : { args: container.args }),
    ...(plain.length === 0
      ? {}
      : { env: Object.fromEntries(plain.map(({ name, value }) => [textOf(name), textOf(value)])) }),
  };
}

function environmentWarnings(container: Fields): string[] {
  return mapsOf(container.env)
    .filter((variable) => variable.valueFrom !== undefined)
    .map(({ name, valueFrom }) => {
      const [source = 'elsewhere'] = Object.keys(mapOf(valueFrom));
      return `The variable ${textOf(name)} comes from ${source}: set it where the agent runs.`;
    });
}
