/** What a room answers at an address of its own, beside GraphQL. */
export interface WebAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Text, or bytes that are read as fast as the client takes them. */
  readonly body: string | AsyncIterable<Uint8Array>
}

/** Answers GET below one path. Null: there is nothing there. */
export type WebRoute = (url: URL) => Promise<WebAnswer | null>

/** By the path they begin with: `/p/`. */
export type WebRoutes = Readonly<Record<string, WebRoute>>
