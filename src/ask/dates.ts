const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November'],
  'December',
]

/** The dates of a text that are written in figures (`2025-03-02`), in words: `2 March 2025`. */
export function namedDates(text: string): string[] {
  const found: string[] = []
  for (const [, year, month, day] of text.matchAll(/(?<!\d)(\d{4})[-/.](\d{2})[-/.](\d{2})(?!\d)/g)) {
    const name = months[Number(month) - 1]
    if (name) found.push(`${Number(day)} ${name} ${year}`)
  }
  return found
}
