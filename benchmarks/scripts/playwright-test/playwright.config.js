// Playwright Test as one uses it for evidence: a trace, a screenshot and the HTML report, always.
module.exports = {
  testDir: __dirname,
  outputDir: process.env.BENCH_OUT + '/results',
  reporter: [['html', {open: 'never', outputFolder: process.env.BENCH_OUT + '/report'}]],
  workers: 1,
  use: {
    baseURL: process.env.BENCH_URL,
    trace: 'on',
    screenshot: 'on',
    launchOptions: {
      executablePath: process.env.BENCH_BROWSER,
      args: process.getuid() === 0 ? ['--no-sandbox'] : [],
    },
  },
};
