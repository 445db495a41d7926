// What is asked about the elements that match, before one is acted on: a function of all of them, and whether the one
// element is to be scrolled into view first. Playwright's own way of scrolling waits until the element can be seen,
// which is the action's business.
(all, intoView) => {
  if (all.length !== 1) return {number: all.length};
  const [element] = all;
  const outside = box => box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth;
  const isOutside = outside(element.getBoundingClientRect());
  if (intoView && isOutside) element.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
  const {x, y, width, height} = element.getBoundingClientRect(), scale = visualViewport.scale;
  const meant = element.closest('label')?.control ?? element;
  const isField = ['INPUT', 'TEXTAREA', 'SELECT'].includes(meant.nodeName);
  return {number: 1, isOutside, scale, isAlone: self === top && scale === 1,
          hasBox: element.getClientRects().length > 0, box: [x, y, width, height],
          field: isField ? meant.type : meant.isContentEditable ? '' : null};
}
