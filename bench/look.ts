// Pictures of a report's sections in Chromium, as a reader sees them: light, dark, or on a phone.
// Run: node bench/look.ts report.html pictures/ [section,section] [light|dark] [width]; CHROMIUM names the browser.
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const [page = '', folder = '.', sections = '', scheme = 'light', width = '1100'] = process.argv.slice(2)
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})
const opened = await browser.newPage({
  viewport: { width: Number(width), height: 900 },
  colorScheme: scheme === 'dark' ? 'dark' : 'light',
})
const wrong: string[] = []
opened.on('pageerror', (error) => wrong.push(String(error)))
opened.on('console', (message) => message.type() === 'error' && wrong.push(message.text()))
opened.on('request', (request) => /^(file|data):/.test(request.url()) || wrong.push(`asked for ${request.url()}`))
const started = performance.now()
await opened.goto(pathToFileURL(resolve(page)).href)
await opened.waitForSelector('figure svg')
console.log(`shown after ${Math.round(performance.now() - started)} ms`)
// Bars that stay in view would lie over what is pictured.
await opened.addStyleTag({ content: '.toolbar { position: static !important }' })
mkdirSync(folder, { recursive: true })
const ids = sections ? sections.split(',') : await opened.$$eval('section[id]', (found) => found.map(({ id }) => id))
for (const id of ids) {
  const section = opened.locator(id === 'top' ? 'header' : `#${id}`).first()
  await section.scrollIntoViewIfNeeded()
  await opened.waitForTimeout(300)
  await section.screenshot({ path: join(folder, `${id}-${scheme}-${width}.png`) })
}
await browser.close()
if (wrong.length > 0) throw new Error(`the page does what it should not: ${wrong.slice(0, 5).join('; ')}`)
