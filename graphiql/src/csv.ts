/** Tables from answers, as spreadsheets in France open them by a double click. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

type Row = ReadonlyMap<string, Json>;

const BYTE_ORDER_MARK = '\uFEFF';
const LINE_END = '\r\n';

/** A cell that begins so is a formula to a spreadsheet, which would carry it out; but for a number below zero. */
const FORMULA = /^(?!-\d+(\.\d+)?$)[=+\-@\t\r]/;

/**
 * `list` as CSV: UTF-8 with a byte order mark, semicolons, CRLF, one line for each element.
 *
 * Objects in objects become columns named by their path, with dots; lists in objects become one cell of JSON. The
 * columns are those of all elements, in the order in which they first appear.
 */
export function csvOf(list: readonly Json[]): string {
  const rows = list.map((element) => new Map(cellsOf(element, '')));
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const lines = [columns.map(cell), ...rows.map((row) => columns.map((column) => cell(textOf(row, column))))];
  return BYTE_ORDER_MARK + lines.map((cells) => cells.join(';') + LINE_END).join('');
}

function cellsOf(value: Json, path: string): [string, Json][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return [[path || 'value', value]];
  }
  return Object.entries(value).flatMap(([name, inner]) => cellsOf(inner, path ? `${path}.${name}` : name));
}

function textOf(row: Row, column: string): string {
  const value = row.get(column) ?? '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function cell(text: string): string {
  const guarded = FORMULA.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
