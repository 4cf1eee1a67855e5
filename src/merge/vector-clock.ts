/** For each client, the counter up to which its writes were seen (Fidge 1988, Mattern 1989). */
export type VectorClock = Readonly<Record<string, number>>

/** The counter of one client; 0 before its first write. */
export const counterOf = (clock: VectorClock, client: string): number => (Object.hasOwn(clock, client) ? (clock[client] ?? 0) : 0)

/** Whether everything `b` has seen was seen by `a` too. */
export const covers = (a: VectorClock, b: VectorClock): boolean => Object.entries(b).every(([client, counter]) => counterOf(a, client) >= counter)
