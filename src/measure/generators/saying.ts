import { saysNumber } from '../numbers.ts'

/** Whether what was said comes to the right number. */
export const numberSaid = (said: string, right: number): { readonly 'number-said': number } => ({
  'number-said': saysNumber(said, [String(right)]) ? 1 : 0,
})

/** What a reader says that lacks what it takes. */
export const unsaid = 'The text does not say.'
