import type { Identity } from './access/viewer.ts'

/** What a room answers at an address of its own, beside GraphQL. */
export interface WebAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Text, or bytes that are read as fast as the client takes them; what is thrown before the first of them is answered instead. */
  readonly body: string | AsyncIterable<Uint8Array>
}

/** Headers of a request, by their names in lower case. */
type WebHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

export interface WebRequest {
  readonly url: URL
  readonly headers: WebHeaders
  /** Address of the caller. */
  readonly ip: string
  /** Who sent it. @throws UNAUTHENTICATED, TOKEN_EXPIRED or TOKEN_REVOKED when there are credentials and they do not hold */
  identity(): Promise<Identity>
}

/** Answers below one path. Null: there is nothing there. An AppError that is thrown is answered as it is elsewhere. */
export type WebRoute = (request: WebRequest) => Promise<WebAnswer | null>

/** Those that answer GET, by the path they begin with: `/p/`. */
export type WebRoutes = Readonly<Record<string, WebRoute>>

/** By their whole path. Whatever changes something is asked for by no page of another origin, and in JSON. */
export type WebPages = Readonly<Record<string, Readonly<Partial<Record<WebMethod, WebRoute>>>>>

export type WebMethod = 'GET' | 'POST' | 'DELETE'
