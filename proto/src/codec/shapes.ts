// What a message may hold, read from the contract's protobuf JSON: enough to write code that
// encodes and decodes it. Only what the hot messages use is known here: string, bytes, bool,
// int32, int64, double, enums, messages, lists of strings or messages, and maps of strings.

/** One field of a message. */
export interface FieldShape {
  readonly name: string;
  readonly number: number;
  readonly kind:
    | 'string'
    | 'bytes'
    | 'bool'
    | 'int32'
    | 'int64'
    | 'double'
    | 'enum'
    | 'message'
    | 'map';
  readonly repeated: boolean;
  /** The oneof it belongs to; the synthetic one of an `optional` field too. */
  readonly oneof: string | undefined;
  /** Of an enum: its numbers by name. */
  readonly values: Readonly<Record<string, number>> | undefined;
  /** Of a message: its shape. */
  readonly message: MessageShape | undefined;
}

/** A message: its full name, and its fields by rising number. */
export interface MessageShape {
  readonly name: string;
  readonly fields: readonly FieldShape[];
}

/** The parts of protobuf JSON that are read. */
export interface ContractJson {
  readonly nested?: Readonly<Record<string, ContractJson>>;
  readonly fields?: Readonly<Record<string, FieldJson>>;
  readonly oneofs?: Readonly<Record<string, { readonly oneof: readonly string[] }>>;
  readonly values?: Readonly<Record<string, number>>;
}

interface FieldJson {
  readonly type: string;
  readonly id: number;
  readonly rule?: string;
  readonly keyType?: string;
}

type Known = Map<string, MessageShape>;

const scalars = ['string', 'bytes', 'bool', 'int32', 'int64', 'double'] as const;

/** The shape of a message by its full name. Throws for what is not known here. */
export function shapeOf(root: ContractJson, name: string, known: Known = new Map()): MessageShape {
  const found = known.get(name);
  if (found) return found;
  const json = lookUp(root, name);
  if (!json?.fields) throw new Error(`The contract has no message ${name}.`);
  const { fields: named, oneofs = {} } = json;
  const oneofOf = new Map(
    Object.entries(oneofs).flatMap(([oneof, { oneof: members }]) =>
      members.map((member) => [member, oneof] as const),
    ),
  );
  const fields: FieldShape[] = [];
  const shape = { name, fields };
  known.set(name, shape);
  for (const [field, each] of Object.entries(named))
    fields.push({
      ...{ name: field, number: each.id, oneof: oneofOf.get(field) },
      repeated: each.rule === 'repeated',
      ...kindOf(root, name, field, each, known),
    });
  fields.sort((one, other) => one.number - other.number);
  return shape;
}

function kindOf(
  root: ContractJson,
  message: string,
  field: string,
  { type, rule, keyType }: FieldJson,
  known: Known,
): Pick<FieldShape, 'kind' | 'values' | 'message'> {
  const none = { values: undefined, message: undefined };
  const scalar = scalars.find((each) => each === type);
  if (keyType !== undefined) {
    if (keyType === 'string' && type === 'string') return { kind: 'map', ...none };
  } else if (scalar !== undefined) {
    if (rule !== 'repeated' || scalar === 'string') return { kind: scalar, ...none };
  } else {
    const [full, json] = resolve(root, message, type);
    if (json.fields) return { kind: 'message', ...none, message: shapeOf(root, full, known) };
    if (json.values && rule !== 'repeated') return { kind: 'enum', ...none, values: json.values };
  }
  throw new Error(`${message}.${field} is of a kind that no hot message had before.`);
}

/** A type as it is named inside of a message: the innermost one of that name. */
function resolve(root: ContractJson, message: string, type: string): [string, ContractJson] {
  const scope = message.split('.');
  for (; ; scope.pop()) {
    const full = [...scope, type].join('.');
    const json = lookUp(root, full);
    if (json) return [full, json];
    if (scope.length === 0) throw new Error(`The contract has no type ${type} for ${message}.`);
  }
}

function lookUp(root: ContractJson, name: string): ContractJson | undefined {
  return name.split('.').reduce<ContractJson | undefined>((at, part) => at?.nested?.[part], root);
}
