/** A needle about someone, and what it lets one tell in one step or in two. */
export interface Association {
  /** `{name}` stands first. */
  readonly needle: string
  /** The same, with `{name}` last. */
  readonly inverted: string
  /** `{it}` is what the steps lead to. */
  readonly question: string
  readonly one: string
  readonly two: string
}

const of =
  (question: string) =>
  (needle: string, inverted: string, one: string, two: string): Association => ({
    needle,
    inverted,
    question,
    one,
    two,
  })

const visited = of('Which character has been to {it}?')
const avoids = of('Which character cannot have {it}?')
const knows = of('Which character can handle {it}?')
const reads = of('Which character understands {it}?')
const works = of('Which character works in {it}?')

/**
 * Our own pairs in the manner of NoLiMa (Modarressi et al. 2025, arXiv 2502.05167): a needle and its questions share no word
 * but stop words, also after stemming.
 */
export const associations: readonly Association[] = [
  visited(
    '{name} lives next door to the Semper Opera House.',
    'The Semper Opera House stands right beside the home of {name}.',
    'Dresden',
    'Saxony',
  ),
  visited(
    '{name} spent a rainy afternoon among the paintings of the Uffizi.',
    'One rainy afternoon the guards of the Uffizi had to wake {name}.',
    'Florence',
    'Tuscany',
  ),
  visited(
    '{name} took a photograph of the Atomium at dusk.',
    'A photograph of the Atomium at dusk was taken by {name}.',
    'Brussels',
    'Belgium',
  ),
  visited(
    '{name} queued two hours for the Night Watch at the Rijksmuseum.',
    'Two hours in the queue for the Rijksmuseum were too much for {name}.',
    'Amsterdam',
    'the Netherlands',
  ),
  visited(
    '{name} proposed on the steps below the Sagrada Família.',
    'On the steps below the Sagrada Família a ring was offered to {name}.',
    'Barcelona',
    'Catalonia',
  ),
  visited(
    '{name} watched the sun rise from the courtyards of the Alhambra.',
    'The courtyards of the Alhambra at sunrise were painted by {name}.',
    'Granada',
    'Andalusia',
  ),
  visited(
    '{name} lost a glove under the dome of Hagia Sophia.',
    'The glove that lay under the dome of Hagia Sophia belonged to {name}.',
    'Istanbul',
    'Turkey',
  ),
  visited(
    '{name} threw a coin into the Trevi Fountain.',
    'The coin at the bottom of the Trevi Fountain was thrown by {name}.',
    'Rome',
    'Italy',
  ),
  visited(
    '{name} climbed Table Mountain before breakfast.',
    'Table Mountain was climbed before breakfast by {name}.',
    'Cape Town',
    'South Africa',
  ),
  visited(
    '{name} hummed a hymn inside Hallgrímskirkja.',
    'Inside Hallgrímskirkja the organ was tuned by {name}.',
    'Reykjavik',
    'Iceland',
  ),
  visited(
    '{name} rode the lift of the Petronas Towers.',
    'In the lift of the Petronas Towers a phone was found by {name}.',
    'Kuala Lumpur',
    'Malaysia',
  ),
  visited(
    '{name} sketched the Golden Pavilion in the snow.',
    'A sketch of the Golden Pavilion in the snow was signed by {name}.',
    'Kyoto',
    'Japan',
  ),
  visited(
    '{name} sold postcards on Charles Bridge one summer.',
    'The stall with postcards on Charles Bridge was run by {name}.',
    'Prague',
    'the Czech Republic',
  ),
  visited(
    '{name} got stuck in the elevator of the Burj Khalifa.',
    'Stuck in the elevator of the Burj Khalifa was poor {name}.',
    'Dubai',
    'the Emirates',
  ),
  visited(
    '{name} had lunch at the foot of Christ the Redeemer.',
    'At the foot of Christ the Redeemer lunch was shared by {name}.',
    'Rio de Janeiro',
    'Brazil',
  ),
  visited(
    '{name} crossed the Golden Gate on a borrowed bicycle.',
    'On a borrowed bicycle the Golden Gate was crossed by {name}.',
    'San Francisco',
    'California',
  ),
  avoids(
    '{name} went vegan four years ago.',
    'Four years ago a vegan friend convinced {name}.',
    'butter',
    'croissants',
  ),
  avoids(
    '{name} was told by the doctor about being lactose intolerant.',
    'Being lactose intolerant is a burden for {name}.',
    'milk',
    'tiramisu',
  ),
  avoids(
    '{name} learned last spring what coeliac disease means.',
    'With coeliac disease lives {name}.',
    'wheat',
    'ordinary pasta',
  ),
  avoids(
    '{name} keeps kosher as strictly as the grandparents did.',
    'A strictly kosher kitchen is kept by {name}.',
    'pork',
    'a ham sandwich',
  ),
  avoids(
    '{name} swells up at the smallest trace of crustaceans.',
    'The smallest trace of crustaceans is a danger to {name}.',
    'shrimp',
    'paella',
  ),
  avoids(
    '{name} has been sober since leaving the clinic.',
    'Since the clinic nobody is as sober as {name}.',
    'wine',
    'a mojito',
  ),
  knows(
    '{name} has sat at the second desk of violins in the philharmonic for ages.',
    'At the second desk of violins in the philharmonic sits {name}.',
    'sheet music',
    'a treble clef',
  ),
  knows(
    '{name} opens with the Sicilian Defence whenever playing black.',
    'The Sicilian Defence is never feared by {name}.',
    'chess pieces',
    'a board game',
  ),
  knows(
    '{name} won the regatta in a dinghy built at home.',
    'The dinghy that won the regatta was steered by {name}.',
    'sails',
    'wind and tide',
  ),
  knows(
    '{name} brought down a glider safely after the cable had snapped.',
    'After the cable had snapped the glider was brought down by {name}.',
    'an aircraft',
    'a cockpit',
  ),
  knows(
    '{name} collects honey from eleven hives behind the orchard.',
    'The honey from eleven hives behind the orchard is collected by {name}.',
    'bees',
    'stinging insects',
  ),
  knows(
    '{name} shod both mares before the parade.',
    'Before the parade both mares were shod by {name}.',
    'horses',
    'an anvil',
  ),
  reads(
    '{name} finished Don Quixote without a translation.',
    'Without a translation Don Quixote was finished by {name}.',
    'Spanish',
    'a Romance language',
  ),
  reads(
    '{name} keeps the unabridged Brothers Karamazov in the original by the bed.',
    'The original Brothers Karamazov by the bed belongs to {name}.',
    'Russian',
    'the Cyrillic alphabet',
  ),
  reads(
    '{name} copies the haiku of Bashō as the master wrote them.',
    'The haiku of Bashō as the master wrote them are copied by {name}.',
    'Japanese',
    'kanji',
  ),
  reads(
    '{name} recites Hafez from memory the way Shiraz hears it.',
    'Hafez is recited from memory by {name}.',
    'Persian',
    'an Iranian tongue',
  ),
  reads(
    '{name} quotes the Iliad in the very words of Homer.',
    'In the very words of Homer the Iliad is quoted by {name}.',
    'ancient Greek',
    'a dead language',
  ),
  works(
    '{name} puts crowns on molars from eight to five.',
    'From eight to five molars are crowned by {name}.',
    'a dental practice',
    'medicine',
  ),
  works(
    '{name} kneads dough while the town is still asleep.',
    'While the town is asleep dough is kneaded by {name}.',
    'a bakery',
    'the food trade',
  ),
  works(
    '{name} stamps returned novels and hushes noisy pupils.',
    'Noisy pupils are hushed and novels stamped by {name}.',
    'a library',
    'public service',
  ),
  works(
    '{name} trims the great lamp that warns trawlers off the reef.',
    'The great lamp that warns trawlers off the reef is trimmed by {name}.',
    'a lighthouse',
    'maritime safety',
  ),
  works(
    '{name} passes sentence in a black robe on weekdays.',
    'On weekdays sentence is passed in a black robe by {name}.',
    'a courthouse',
    'the justice system',
  ),
  works(
    '{name} checks pressure gauges beside the reactor at night.',
    'At night the gauges beside the reactor are checked by {name}.',
    'a power station',
    'the energy industry',
  ),
  works(
    '{name} fits lenses and asks people to name ever smaller letters.',
    'Asked by people who need lenses is always {name}.',
    "an optician's shop",
    'eye care',
  ),
]
