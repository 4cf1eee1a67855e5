/**
 * Carries messages between nodes, quickly and without a promise: it may lose, repeat, delay or reorder them.
 * What must not be missed is in the log; the bus only says that it is worth a look.
 */
export interface Bus extends AsyncDisposable {
  /** Sends JSON. Never rejects: a message that can't be sent is a message lost, and counted. */
  publish(topic: string, message: unknown): Promise<void>
  /** Resolves once the subscription is in force, so that what is published afterwards is heard. */
  subscribe(topic: string, listener: (message: unknown) => void): Promise<Unsubscribe>
  /** Called after every time in which messages may have been lost. */
  onDoubt(listener: () => void): Unsubscribe
  /** Rejects when messages do not get through at the moment. */
  ping(): Promise<void>
}

export type Unsubscribe = () => void
