// An express button that behaves like a wallet: it knows a buyer and their address, asks what that costs, and pays.
const WALLETS = {
  US: { name: "Wallet Tester", line1: "1 Test Plaza", city: "Springfield", state: "IL", postal_code: "62701", country: "US" },
  DE: { name: "Wallet Tester", line1: "Testplatz 1", city: "Berlin", postal_code: "10115", country: "DE" },
  FR: { name: "Wallet Tester", line1: "1 place du Test", city: "Paris", postal_code: "75001", country: "FR" },
};

export async function express({ box, country, label, quote, pay, tell, shown }) {
  const address = WALLETS[country] ?? WALLETS.US;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "wallet";
  button.textContent = label;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const { total, code } = await quote(address);
      pay({
        ...address, email: "wallet@example.com", shipping_code: code, shown_total: total,
        payment_provider: "test_gateway", payment_token: "tok_approved",
      });
    } catch (error) {
      tell(error.message);
      button.disabled = false;
    }
  });
  box.append(button);
  shown();
}
