@extends('layout')
@section('title', $invoice->exists ? 'Edit invoice' : 'New invoice')
@section('content')
<h1>{{ $invoice->exists ? 'Edit invoice' : 'New invoice' }}</h1>
<form method="POST" action="{{ $invoice->exists ? '/invoices/'.$invoice->id : '/invoices' }}">
  @csrf
  @if($invoice->exists) @method('PUT') @endif
  <label for="client">Client</label>
  <input id="client" type="text" name="client" value="{{ old('client', $invoice->client) }}">
  <label for="amount">Amount (EUR)</label>
  <input id="amount" type="number" step="0.01" name="amount" value="{{ old('amount', $invoice->amount) }}">
  <label for="status">Status</label>
  <select id="status" name="status">
    @foreach(['draft', 'sent', 'paid'] as $status)
    <option value="{{ $status }}" @if(old('status', $invoice->status) === $status) selected @endif>{{ ucfirst($status) }}</option>
    @endforeach
  </select>
  <label for="due">Due date</label>
  <input id="due" type="date" name="due" value="{{ old('due', $invoice->due) }}">
  <label for="notes">Notes</label>
  <textarea id="notes" name="notes">{{ old('notes', $invoice->notes) }}</textarea>
  <button>{{ $invoice->exists ? 'Save invoice' : 'Create invoice' }}</button>
</form>
@endsection
