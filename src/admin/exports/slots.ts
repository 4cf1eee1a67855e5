import { AppError } from '../../errors.ts'

/** Takes one of a bounded number of places; call the answer to give it back. @throws TOO_MANY_CONNECTIONS */
export type Slots = () => () => void

export function createSlots(max: number, what: string): Slots {
  let taken = 0
  return () => {
    if (taken >= max) throw new AppError('TOO_MANY_CONNECTIONS', `This server has ${max} ${what} under way; let one end first.`)
    taken++
    return () => {
      taken--
    }
  }
}
