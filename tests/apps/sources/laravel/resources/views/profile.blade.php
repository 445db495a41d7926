@extends('layout')
@section('title', 'Profile')
@section('content')
<h1>Profile</h1>
<form method="POST" action="/profile" enctype="multipart/form-data">
  @csrf
  <label for="name">Name</label>
  <input id="name" type="text" name="name" value="{{ old('name', auth()->user()->name) }}">
  <label for="avatar">Avatar</label>
  <input id="avatar" type="file" name="avatar" accept="image/*">
  @if(auth()->user()->avatar)<img src="{{ auth()->user()->avatar }}" alt="Avatar" width="96">@endif
  <br><button>Save</button>
</form>
<h2>Delete account</h2>
<p>All invoices of the account are deleted with it.</p>
<button type="button" onclick="document.getElementById('closing').showModal()">Delete account</button>
<dialog id="closing" aria-label="Delete account">
  <form method="POST" action="/profile">
    @csrf @method('DELETE')
    <label for="password">Password</label>
    <input id="password" type="password" name="password" required autocomplete="current-password">
    <button>Yes, delete my account</button>
    <button type="button" onclick="this.closest('dialog').close()">Cancel</button>
  </form>
</dialog>
@endsection
