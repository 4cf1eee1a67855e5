import type { ExecutionResult } from 'graphql'
import type { Asides } from './context.ts'
import type { Cost } from './limits.ts'

/** What an operation asks for by `extensions: { cost: true }`. */
export const asidesFor = (extensions: unknown, cost: Cost): Asides | undefined =>
  (extensions as { readonly cost?: unknown } | null | undefined)?.cost === true ? { cost } : undefined

export const withAsides = (result: ExecutionResult, asides: Asides | undefined): ExecutionResult =>
  asides ? { ...result, extensions: { ...result.extensions, ...asides } } : result
