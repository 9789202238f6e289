/** What GraphiQL wants of a storage, and a browser's storage has. */
export interface Shelf {
  readonly length: number;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const PREFIX = 'graphiql:';
const TABS = `${PREFIX}tabState`;
const QUERY = `${PREFIX}query`;
const LASTING = new Set(['theme', 'visiblePlugin', 'docExplorerFlex', 'editorFlex', 'secondaryEditorFlex'].map((name) => PREFIX + name));

/**
 * Keeps as little as will do, for many people may use one browser.
 *
 * How the page is laid out stays in `lasting`. Queries stay in `passing`, until the tab is closed, so that a reload loses
 * no work. Variables and headers, which name people or hold tokens, and answers, stay nowhere.
 */
export class Storage implements Shelf {
  readonly #lasting: Shelf;
  readonly #passing: Shelf;

  constructor(lasting: Shelf, passing: Shelf) {
    this.#lasting = lasting;
    this.#passing = passing;
  }

  get length(): number {
    return this.#lasting.length + this.#passing.length;
  }

  getItem(key: string): string | null {
    return this.#shelf(key)?.getItem(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#shelf(key)?.setItem(key, key === TABS ? withoutAnswers(value) : value);
  }

  removeItem(key: string): void {
    this.#shelf(key)?.removeItem(key);
  }

  clear(): void {
    for (const key of [...LASTING, TABS, QUERY]) {
      this.removeItem(key);
    }
  }

  #shelf(key: string): Shelf | null {
    if (LASTING.has(key)) {
      return this.#lasting;
    }
    return key === TABS || key === QUERY ? this.#passing : null;
  }
}

const PRIVATE = new Set(['variables', 'headers', 'response', 'hash']);

/** The tabs with their queries alone; the hash of a tab holds all that was written in it. */
function withoutAnswers(tabs: string): string {
  return JSON.stringify(JSON.parse(tabs), (name, value: unknown) => (PRIVATE.has(name) ? null : value));
}
