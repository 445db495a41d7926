// A step() an action, as Elastic's own recorder writes it: each leaves a screenshot.
const {journey, step, expect} = require('@elastic/synthetics');

journey('order', ({page, params}) => {
  step('open', () => page.goto(params.url));
  step('email', () => page.getByLabel('Email').fill('smoke@example.test'));
  step('password', () => page.getByLabel('Password').fill(process.env.BENCH_PASSWORD));
  step('create account', () => page.getByRole('button', {name: 'Create account'}).click());
  step('welcome', () => expect(page.getByRole('heading', {name: 'Welcome'})).toBeVisible());
  step('search', () => page.getByLabel('Search').fill('brass pencil'));
  step('amount', () => page.getByLabel('Amount').fill('2'));
  step('find', () => page.getByRole('button', {name: 'Find'}).click());
  step('results', () => expect(page.getByRole('heading', {name: 'Results'})).toBeVisible());
  step('name', () => page.getByLabel('Name').fill('Robin Ek'));
  step('note', () => page.getByLabel('Note').fill('Leave it at the door'));
  step('save', () => page.getByRole('button', {name: 'Save'}).click());
  step('saved', () => expect(page.getByRole('status')).toHaveText(/Saved/));
  step('finish', () => page.getByRole('link', {name: 'Finish'}).click());
  step('done', () => expect(page.getByRole('heading', {name: 'Done'})).toBeVisible());
  step('complete', () => expect(page.getByText('Your order is complete')).toBeVisible());
});
