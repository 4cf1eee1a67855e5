/** Things by their id. Mostly there is one, and that takes no map. What `put` and `take` answer is held from then on. */
export type ById<Thing> = Thing | Map<string, Thing> | null

interface WithId {
  readonly id: string
}

export const countOf = (held: ById<WithId>): number => (held instanceof Map ? held.size : held ? 1 : 0)

export const allOf = <Thing extends WithId>(held: ById<Thing>): IteratorObject<Thing> =>
  held instanceof Map ? held.values() : (held ? [held] : []).values()

export function find<Thing extends WithId>(held: ById<Thing>, id: string): Thing | undefined {
  if (held instanceof Map) return held.get(id)
  return held?.id === id ? held : undefined
}

export function put<Thing extends WithId>(held: ById<Thing>, thing: Thing): ById<Thing> {
  if (!held) return thing
  const map = held instanceof Map ? held : new Map([[held.id, held]])
  return map.set(thing.id, thing)
}

export function take<Thing extends WithId>(held: ById<Thing>, thing: Thing): ById<Thing> {
  if (!(held instanceof Map)) return held === thing ? null : held
  held.delete(thing.id)
  return held.size > 0 ? held : null
}
