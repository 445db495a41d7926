// @puppeteer/replay leaves no evidence by itself: with BENCH_OUT this extension takes a picture a step.
import {readFileSync, writeFileSync} from 'node:fs';
import {createRunner, parse, PuppeteerRunnerExtension} from '@puppeteer/replay';
import puppeteer from 'puppeteer';

class Pictures extends PuppeteerRunnerExtension {
  taken = 0;

  async afterEachStep(step, flow) {
    await super.afterEachStep?.(step, flow);
    if (!process.env.BENCH_OUT) return;
    this.taken += 1;
    writeFileSync(`${process.env.BENCH_OUT}/${String(this.taken).padStart(2, '0')}-${step.type}.png`, await this.page.screenshot());
  }
}

const recording = JSON.parse(readFileSync(new URL('order.json', import.meta.url)));
recording.steps[0].url = `${process.env.BENCH_URL}/`;
recording.steps[2].value = process.env.BENCH_PASSWORD;
const browser = await puppeteer.launch({
  executablePath: process.env.BENCH_BROWSER,
  headless: process.env.BENCH_BROWSER.includes('headless') ? 'shell' : true,
  args: process.getuid() === 0 ? ['--no-sandbox'] : [],
});
const page = await browser.newPage();
const runner = await createRunner(parse(recording), new Pictures(browser, page, {timeout: 10000}));
const whole = await runner.run();
await browser.close();
process.exit(whole ? 0 : 1);
