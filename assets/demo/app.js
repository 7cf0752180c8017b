// The shop's counter: what is in the basket, and what happens when somebody presses something.
const basket = new Map();

function put(name, price) {
  const line = basket.get(name) ?? { price, count: 0 };
  basket.set(name, { ...line, count: line.count + 1 });
  show();
}

function take(name) {
  const line = basket.get(name);
  if (!line) return;
  if (line.count > 1) {
    basket.set(name, { ...line, count: line.count - 1 });
  } else {
    basket.delete(name);
  }
  show();
}

function total() {
  let sum = 0;
  for (const line of basket.values()) sum += line.price * line.count;
  return sum;
}

function show() {
  const list = document.querySelector("#basket");
  list.replaceChildren();
  for (const [name, line] of basket) {
    const item = document.createElement("li");
    item.textContent = `${line.count} × ${name}`;
    item.addEventListener("click", () => take(name));
    list.append(item);
  }
  document.querySelector("#total").textContent = total().toFixed(2);
}

for (const button of document.querySelectorAll("button[data-name]")) {
  const { name, price } = button.dataset;
  button.addEventListener("click", () => put(name, Number(price)));
}

document.querySelector("h1").addEventListener("click", (event) => {
  event.target.textContent = "Sold out";
});
