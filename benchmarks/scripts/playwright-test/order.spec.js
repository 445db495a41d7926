const {test, expect} = require('@playwright/test');

test('order', async ({page}) => {
  await page.goto('/');
  await page.getByLabel('Email').fill('smoke@example.test');
  await page.getByLabel('Password').fill(process.env.BENCH_PASSWORD);
  await page.getByRole('button', {name: 'Create account'}).click();
  await expect(page.getByRole('heading', {name: 'Welcome'})).toBeVisible();
  await page.getByLabel('Search').fill('brass pencil');
  await page.getByLabel('Amount').fill('2');
  await page.getByRole('button', {name: 'Find'}).click();
  await expect(page.getByRole('heading', {name: 'Results'})).toBeVisible();
  await page.getByLabel('Name').fill('Robin Ek');
  await page.getByLabel('Note').fill('Leave it at the door');
  await page.getByRole('button', {name: 'Save'}).click();
  await expect(page.getByRole('status')).toHaveText(/Saved/);
  await page.getByRole('link', {name: 'Finish'}).click();
  await expect(page.getByRole('heading', {name: 'Done'})).toBeVisible();
  await expect(page.getByText('Your order is complete')).toBeVisible();
});
