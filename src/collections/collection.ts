import type { Viewer } from '../access/viewer.ts'
import { badInput } from '../errors.ts'
import { checkText } from '../platform/json.ts'

export interface CollectionRow {
  readonly id: string
  readonly ownerId: string
  readonly name: string
  readonly createdAt: Date
}

/** A collection, and where its stream stood at that very moment. */
export interface CollectionAt extends CollectionRow {
  readonly head: number
}

/** How a viewer names a collection: by its name among their own, or among those of `owner`. */
export interface CollectionRef {
  readonly collection: string
  readonly owner?: string | null | undefined
}

export const isOwn = ({ userId }: Viewer, { owner }: CollectionRef): boolean => (owner ?? userId) === userId

export const maxNameLength = 256

/** Holds for names and for keys. @throws BAD_USER_INPUT */
export function checkName(name: string, field: string): void {
  if (name.length < 1 || name.length > maxNameLength) throw badInput(field, `This has 1 to ${maxNameLength} characters.`)
  checkText(name, field)
}
