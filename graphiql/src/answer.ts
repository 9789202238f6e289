import type { Json } from './csv.ts';

/** An error of the gateway as analysts read it: a stable code, a sentence, and where it happened. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly path: string;
}

/** A list of an answer, and the path to it. */
export interface Found {
  readonly path: string;
  readonly list: readonly Json[];
}

export interface Answer {
  readonly faults: readonly Fault[];
  readonly found: Found | null;
}

export const NOTHING: Answer = { faults: [], found: null };

interface GatewayError {
  readonly message?: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string };
}

/** What the text of an answer holds; nothing while it is not JSON. */
export function answerIn(text: string): Answer {
  let told: { readonly data?: Json; readonly errors?: readonly GatewayError[] } | null;
  try {
    told = JSON.parse(text) as typeof told;
  } catch {
    return NOTHING;
  }
  const errors = Array.isArray(told?.errors) ? (told.errors as readonly GatewayError[]) : [];
  return { faults: errors.map(faultOf), found: firstList(told?.data ?? null) };
}

function faultOf({ message = '', path = [], extensions }: GatewayError): Fault {
  return { code: extensions?.code ?? 'ERROR', message, path: path.join('.') };
}

/** The list nearest to the root, and of those the first. */
function firstList(data: Json): Found | null {
  let level: [string, Json][] = [['data', data]];
  while (level.length > 0) {
    for (const [path, value] of level) {
      if (Array.isArray(value)) {
        return { path, list: value as readonly Json[] };
      }
    }
    level = level.flatMap(([path, value]) => fieldsOf(value).map(([name, inner]): [string, Json] => [`${path}.${name}`, inner]));
  }
  return null;
}

function fieldsOf(value: Json): [string, Json][] {
  return value === null || typeof value !== 'object' ? [] : Object.entries(value);
}
