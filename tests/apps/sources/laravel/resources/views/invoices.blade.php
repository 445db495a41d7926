@extends('layout')
@section('title', 'Invoices')
@section('content')
<h1>Invoices</h1>
<form method="GET">
  <input type="text" name="q" placeholder="Search client" value="{{ request('q') }}">
  <select name="status" aria-label="Show" onchange="this.form.submit()">
    <option value="">All</option>
    @foreach(['draft', 'sent', 'paid'] as $status)
    <option value="{{ $status }}" @if(request('status') === $status) selected @endif>{{ ucfirst($status) }}</option>
    @endforeach
  </select>
</form>
<p><a href="/invoices/create">New invoice</a></p>
<table>
  <thead><tr><th>#</th><th>Client</th><th>Amount</th><th>Status</th><th>Due</th><th></th></tr></thead>
  <tbody>
    @forelse($rows as $invoice)
    <tr>
      <td>{{ $invoice->id }}</td>
      <td>{{ $invoice->client }}</td>
      <td>{{ number_format((float) $invoice->amount, 2) }}</td>
      <td>{{ $invoice->status }}</td>
      <td>{{ $invoice->due }}</td>
      <td>
        <a href="/invoices/{{ $invoice->id }}/edit">Edit</a>
        <button class="link" onclick="document.getElementById('del{{ $invoice->id }}').showModal()">Delete</button>
        <dialog id="del{{ $invoice->id }}">
          <form method="POST" action="/invoices/{{ $invoice->id }}">
            @csrf @method('DELETE')
            <p>Delete invoice for {{ $invoice->client }}?</p>
            <button>Yes, delete</button>
            <button type="button" onclick="this.closest('dialog').close()">Cancel</button>
          </form>
        </dialog>
      </td>
    </tr>
    @empty
    <tr><td colspan="6">No invoices yet.</td></tr>
    @endforelse
  </tbody>
</table>
{{ $rows->links('pagination::simple-default') }}
@endsection
