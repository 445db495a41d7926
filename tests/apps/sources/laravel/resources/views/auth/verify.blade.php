@extends('layout')
@section('title', 'Verify your email')
@section('content')
<h1>Verify your email</h1>
<p>Before you create invoices, follow the link we sent to {{ auth()->user()->email }}.</p>
<form method="POST" action="/email/verification-notification">
  @csrf
  <button>Resend Verification Email</button>
</form>
@endsection
