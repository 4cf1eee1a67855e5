/**
 * When and by whom something was written, on the writer's own clock. The order over stamps is total, so replicas
 * that have seen the same writes agree on the winner (a last-writer-wins register, Shapiro et al. 2011).
 */
export interface Stamp {
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly counter: number
  readonly clientId: string
}

export interface Write extends Stamp {
  readonly path: string
  readonly value: unknown
  readonly deleted: boolean
}

/** Above zero when `a` was written later than `b`. */
export function compareStamps(a: Stamp, b: Stamp): number {
  return a.timestamp - b.timestamp || a.counter - b.counter || compareText(a.clientId, b.clientId)
}

/** Above zero when `a` wins over `b`, below when `b` does, whatever their values; 0 when these decide. */
export const compareWrites = (a: Omit<Write, 'value'>, b: Omit<Write, 'value'>): number =>
  compareStamps(a, b) || Number(a.deleted) - Number(b.deleted)

/**
 * Whether `incoming` replaces `stored`. A client that used one stamp for two different writes is settled by the
 * writes themselves: a tombstone over a value, then the greater text; so even then all replicas agree.
 */
export function wins(incoming: Write, stored: Write | undefined): boolean {
  if (!stored) return true
  const order = compareWrites(incoming, stored)
  return order !== 0 ? order > 0 : compareText(canonical(incoming.value), canonical(stored.value)) > 0
}

/** The fields that hold after the writes, and which of them lost on the way. Changes `fields`. */
export function applyWrites(fields: Map<string, Write>, writes: readonly Write[]): { applied: Write[]; lost: Write[] } {
  const applied: Write[] = []
  const lost: Write[] = []
  for (const write of writes) {
    if (wins(write, fields.get(write.path))) {
      fields.set(write.path, write)
      applied.push(write)
    } else lost.push(write)
  }
  return { applied, lost }
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, child) =>
    typeof child === 'object' && child !== null && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).sort(([a], [b]) => compareText(a, b)))
      : child,
  ) ?? ''
