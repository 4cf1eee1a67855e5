/** What is at a path such as `input.documentId` in the arguments of a field. */
export const argumentAt = (args: unknown, path: string): unknown =>
  path.split('.').reduce((at: unknown, name) => (at as Record<string, unknown> | undefined)?.[name], args)
