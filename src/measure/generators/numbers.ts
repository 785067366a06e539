/** Whether the last number that was said is the right one; signs of currency and marks between thousands are passed over. */
export function numberSaid(said: string, right: number): { readonly 'number-said': number } {
  const last = said.match(/\d[\d,]*(?:\.\d+)?/g)?.at(-1)
  return { 'number-said': last !== undefined && Number(last.replaceAll(',', '')) === right ? 1 : 0 }
}

/** What a reader says that lacks what it takes. */
export const unsaid = 'The text does not say.'
