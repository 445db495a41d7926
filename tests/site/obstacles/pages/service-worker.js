// A worker of an earlier release that answers from what it kept then, and never asks again.
const broken = new URL(location.href).searchParams.get('broken');
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(clients.claim()));
self.addEventListener('fetch', event => {
  if (event.request.url.endsWith('release.txt') && broken === 'stale') event.respondWith(new Response('1'));
});
