// A text is written section by section, each from passages of its own. A section that breaks what the request asks for
// (here half of the words fall to each) is written once more.
import { show } from './show.ts'

await show({
  strategy: 'write',
  question: 'Write a leaflet for passengers, at most 24 words.',
  limit: 3,
  replies: true,
  reply({ intent, prompt }) {
    const [dogs] = prompt.match(/Dogs travel free on the lower deck and must be kept on a lead/) ?? []
    const [lost] = prompt.match(/Lost things [\w ]+ are kept at the ticket office in Halden for sixty days/) ?? []
    if (intent === 'plan') return 'Dogs\nLost things'
    if (prompt.includes('Write the section "Dogs"') && dogs)
      return `${prompt.includes('What is wrong') ? 'Dogs travel free, on a lead' : dogs} [1: "${dogs}"].`
    if (prompt.includes('Write the section "Lost things"') && lost)
      return `Lost things are kept for sixty days [1: "${lost}"].`
    return 'NOT FOUND'
  },
})
