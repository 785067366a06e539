// One call over what the search finds. Each quotation is looked up in the text: the last one was never written there,
// so it is not verified, and its sentence is told as unproven.
import { show } from './show.ts'

await show({
  strategy: 'direct',
  question: 'Where is the blue rucksack kept, and what does it cost to get it back?',
  reply({ prompt }) {
    const [place] = prompt.match(/kept at the ticket office in \w+ for \w+ days/) ?? []
    const [fee] = prompt.match(/the fee for keeping it is \d+ kroner/) ?? []
    if (!place || !fee) return 'NOT FOUND. No passage tells of lost things.'
    return [
      `At the ticket office in Halden [1: "${place}"].`,
      `The fee is 40 kroner [1: "${fee}"].`,
      'It can be paid by card [1: "the office takes cards"].',
    ].join(' ')
  },
})
